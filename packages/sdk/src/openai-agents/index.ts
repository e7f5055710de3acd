export type { AgentsSpan, AgentsTrace } from "./agents-types.ts";
export { toTraceId } from "./ids.ts";
export { PandaProbeTracingProcessor, type PandaProbeTracingProcessorOptions } from "./tracing-processor.ts";
