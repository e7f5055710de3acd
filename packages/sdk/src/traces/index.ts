export { PandaProbe, type PandaProbeOptions } from "./client.ts";
export type { TraceSender } from "./trace-sender.ts";
export type {
  DroppedTrace,
  DropReason,
  FlushOptions,
  TraceSenderOptions,
  TraceSenderStats,
} from "./trace-sender-options.ts";
