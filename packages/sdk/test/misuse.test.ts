import {
  type BeforeRequestState,
  type EvalRunResponse,
  isNotFoundError,
  NotFoundError,
  type Page,
  type PandaProbe,
  type RunProgress,
  RunScores,
  type TraceScoreResponse,
} from "@pandaprobe/sdk";
import { expectTypeOf, it } from "vitest";

// Checked by the compiler: nothing here runs.

it("types what the methods return", () => {
  expectTypeOf<PandaProbe["createTraceRun"]>().returns.resolves.toEqualTypeOf<EvalRunResponse>();
  expectTypeOf<PandaProbe["getTraceRunScores"]>().returns.resolves.toEqualTypeOf<TraceScoreResponse[]>();
  expectTypeOf<PandaProbe["listTraceScores"]>().returns.resolves.toEqualTypeOf<Page<TraceScoreResponse>>();
  expectTypeOf<PandaProbe["deleteTrace"]>().returns.resolves.toEqualTypeOf<undefined>();
  expectTypeOf<PandaProbe["watchRun"]>().returns.toExtend<AsyncIterable<RunProgress>>();
  expectTypeOf<PandaProbe["waitForRun"]>().returns.resolves.toEqualTypeOf<EvalRunResponse>();
});

it("narrows an error by its guard", () => {
  const check = (error: unknown) => {
    if (!isNotFoundError(error)) return;
    expectTypeOf(error).toEqualTypeOf<NotFoundError>();
    expectTypeOf(error.status).toEqualTypeOf<number>();
    expectTypeOf(error.requestId).toEqualTypeOf<string | null>();
  };
  expectTypeOf(check).returns.toBeVoid();
});

it("rejects misuse", () => {
  expectTypeOf(misuses).toBeFunction();
});

function misuses(client: PandaProbe, run: EvalRunResponse): void {
  // @ts-expect-error metrics are required
  client.createTraceRun({ name: "a" });
  // @ts-expect-error trace_ids are required
  client.createTraceRunBatch({ metrics: ["task_completion"] });
  // @ts-expect-error filters have no such field
  client.createTraceRun({ metrics: ["a"], filters: { tag: "production" } });
  // @ts-expect-error a run is read by its id
  client.getTraceRun(run);
  // @ts-expect-error there is no such status
  client.listTraceRuns({ status: "DONE" });
  // @ts-expect-error a number, though it is text on the wire
  client.listTraces({ limit: "50" });
  // @ts-expect-error a person's or a program's score is never automated
  client.createTraceScore({ trace_id: "a", name: "b", value: "1", source: "AUTOMATED" });
  // @ts-expect-error a score's value is text
  client.createTraceScore({ trace_id: "a", name: "b", value: 1 });
  // @ts-expect-error there is nothing of this name to update
  client.updateTraceScore("a", { score: "1" });
  // @ts-expect-error seconds are a number
  client.getTraceRun("a", { waitSeconds: "30" });
  // @ts-expect-error this option belongs to runs
  client.deleteTrace("a", { deleteScores: true });
  // @ts-expect-error waitForRun has no such option
  client.waitForRun(run, { intervalMs: 5 });
  // @ts-expect-error a list is not an array: it is awaited, or iterated over
  client.listTraces().map((trace) => trace);
  // @ts-expect-error max is a number
  client.listTraces().items({ max: "10" });
  // @ts-expect-error items goes over all pages, so it takes no limit
  client.listTraces().items({ limit: 10 });
  // @ts-expect-error no hook has this name
  client.withOptions({ hooks: { onRequest: () => {} } });
  // @ts-expect-error headers are changed before the request, not after it
  client.withOptions({ hooks: { beforeRetry: ({ headers }) => headers } });
  const beforeRequest = (state: BeforeRequestState) => {
    // @ts-expect-error the state is read-only
    state.url = "";
  };
  client.withOptions({ hooks: { beforeRequest } });
  // @ts-expect-error a logger has a method for every level
  client.withOptions({ logger: { info: () => {} } });
  // @ts-expect-error watchRun takes no callback: progress is iterated over
  client.watchRun(run, { onProgress: () => {} });
  // @ts-expect-error a threshold is a number
  new RunScores<TraceScoreResponse>([]).passRate("a", { min: "0.8" });
  // @ts-expect-error the score may be missing
  new RunScores<TraceScoreResponse>([]).of("a", "b").number;
  // @ts-expect-error the body comes before the options
  client.createTrace({ signal: AbortSignal.abort() });
  // @ts-expect-error an id for each place in the path
  client.getTrace();
  // @ts-expect-error errors are made by the client
  new NotFoundError("a");
}
