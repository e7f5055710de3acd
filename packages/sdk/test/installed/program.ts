import { type EvalRunResponse, isNotFoundError, PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeTracingProcessor } from "@pandaprobe/sdk/openai-agents";
import { PandaProbeExporter, toTraces } from "@pandaprobe/sdk/otel";
import { type MatchResult, matchers } from "@pandaprobe/sdk/testing/matchers";
import { PandaProbe as Sender, type TraceSenderStats } from "@pandaprobe/sdk/traces";
import { createTracing, type Span } from "@pandaprobe/sdk/tracing";
import { isResponseValidationError, validateResponses } from "@pandaprobe/sdk/validate";

/*
 * A program whose author installed only the package: it uses every entry point that needs no peer. It is compiled
 * against the published types, and then run.
 */

const refuse = async () => Response.json({ detail: "No.", code: "not_found" }, { status: 404 });
const babble = async () => Response.json({ name: 7 });
const options = { apiKey: "a", projectName: "b", fetch: refuse };
const id = "33333333-3333-3333-3333-333333333333";

/** Runs the program. @returns what the test compares */
export async function main(): Promise<readonly unknown[]> {
  const client = new PandaProbe(options);
  const run: Promise<EvalRunResponse> = client.waitForRun(id);
  const missing = await run.catch((error: unknown) => error);

  const sender = new Sender({ ...options, traces: { maxQueued: 10 } });
  const stats: TraceSenderStats = sender.withOptions({ timeoutMs: 1 }).traces.stats();
  const base: PandaProbe = sender;
  const exporter = new PandaProbeExporter({ client: sender });
  await exporter.shutdown();
  await new PandaProbeTracingProcessor({ client: sender }).shutdown();

  const { observe, startSpan } = createTracing({ client: sender });
  const span: Span = startSpan("open");
  const half: (whole: number) => number = observe((whole: number) => whole / 2);

  const matched: MatchResult = matchers.toPass.call({}, [], "coherence");
  const checked = new PandaProbe({ ...options, fetch: validateResponses(babble) });
  const invalid = await checked.getTrace(id).catch((error: unknown) => error);
  return [
    isNotFoundError(missing),
    base instanceof PandaProbe,
    stats.queued,
    toTraces([]),
    matched.pass,
    isResponseValidationError(invalid),
    span.traceId.length + half.length,
  ];
}

/** What the published types reject. It is not run. */
export function misuse(client: PandaProbe, sender: Sender): void {
  // @ts-expect-error A run's id is a string.
  client.getTraceRun(7);
  // @ts-expect-error A trace has a name.
  sender.traces.send({ started_at: "c" });
  // @ts-expect-error An observed function takes what the function takes.
  createTracing().observe((text: string) => text)(7);
  // @ts-expect-error Only the client of `/traces` has a sender.
  client.traces;
}
