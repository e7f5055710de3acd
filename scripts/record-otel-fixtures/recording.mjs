import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";

let url = "";

/** Sends each scenario to an address of its own. */
class ScenarioExporter {
  export(spans, done) {
    new OTLPTraceExporter({ url }).export(spans, done);
  }
  async forceFlush() {}
  async shutdown() {}
}

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ "service.name": "fixtures", "service.version": "1.0" }),
  spanProcessors: [new BatchSpanProcessor(new ScenarioExporter())],
});
trace.setGlobalTracerProvider(provider);

/** Runs a scenario, and sends its spans to the recorder. */
export async function scenario(name, run) {
  url = `${process.env.RECORDER_URL}/${name}`;
  await run();
  await provider.forceFlush();
}
