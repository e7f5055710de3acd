import { isNotFoundError, isRunWaitTimeoutError, PandaProbe } from "@pandaprobe/sdk";
import { mockPandaProbe, type PandaProbeMock } from "@pandaprobe/sdk/testing/msw";
import { equal, ok, rejected } from "./assertions.ts";
import { attemptAll, type Outcome } from "./outcome.ts";

/*
 * What the mock server promises wherever msw handles requests: in a program, and in a page through a service worker.
 */

const trace = { name: "book a hotel", started_at: "2026-03-01T10:00:00Z" };
const metrics = ["task_completion"];

/** Runs all cases. @param start makes msw use the mock server's handlers */
export async function runKitSuite(
  start: (handlers: PandaProbeMock["handlers"]) => unknown,
): Promise<Outcome[]> {
  const pandaProbe = mockPandaProbe();
  await start(pandaProbe.handlers);
  return attemptAll(cases, (attempt) => {
    pandaProbe.reset();
    return attempt(new PandaProbe({ apiKey: "sk_pp_test", projectName: "my-agent" }), pandaProbe);
  });
}

const cases: Readonly<Record<string, (client: PandaProbe, pandaProbe: PandaProbeMock) => Promise<void>>> = {
  "scores are as scripted, and calls are recorded": async (client, pandaProbe) => {
    const { trace_id: traceId } = await client.createTrace({ ...trace, input: "Grüße 🐼" });
    pandaProbe.scores.set("*", 0.4, { traceId, reason: "It never booked the hotel." });
    const { scores } = await client.evaluateTraces({ metrics });
    equal(scores.of(traceId, "task_completion")?.number, 0.4);
    equal((await client.getTrace(traceId)).input, "Grüße 🐼");
    const [call] = pandaProbe.calls("createTraceRun");
    equal(call?.body, { metrics });
    equal(call?.headers.get("x-project-name"), "my-agent");
  },

  "a request that the server would refuse is refused too": async (client) => {
    const error = await rejected(client.getTrace("11111111-1111-1111-1111-111111111111"));
    ok(isNotFoundError(error), `a NotFoundError, not ${error}`);
    equal(error.code, "not_found");
  },

  "a lost response creates no second run": async (client, pandaProbe) => {
    await client.createTrace(trace);
    pandaProbe.faults.next("createTraceRun", "lost_answer");
    await client.createTraceRun({ metrics });
    equal(pandaProbe.calls("createTraceRun").length, 2);
    equal((await client.listTraceRuns()).total, 1);
  },

  "a run is streamed": async (client, pandaProbe) => {
    await client.createTrace(trace);
    pandaProbe.runs.targetMs = Number.POSITIVE_INFINITY;
    const run = await client.createTraceRun({ metrics });
    const events: string[] = [];
    for await (const { event } of client.streamTraceRun(run.id)) {
      events.push(event);
      if (event === "progress") await client.cancelTraceRun(run.id);
    }
    equal(events, ["progress", "end"]);
  },

  "a watch ends: by break, by a signal, by its timeout": async (client, pandaProbe) => {
    await client.createTrace(trace);
    pandaProbe.runs.targetMs = Number.POSITIVE_INFINITY;
    const created = await client.createTraceRun({ metrics });
    for await (const { run } of client.watchRun(created)) if (run.status === "RUNNING") break;
    const reason = new Error("Enough.");
    const controller = new AbortController();
    const left = async () => {
      for await (const { run } of client.watchRun(created, { signal: controller.signal })) {
        if (run.status === "RUNNING") setTimeout(() => controller.abort(reason), 50);
      }
    };
    equal(await rejected(left()), reason);
    const over = async () => {
      for await (const { run } of client.watchRun(created, { timeoutMs: 200 })) equal(run.id, created.id);
    };
    const error = await rejected(over());
    ok(isRunWaitTimeoutError(error), `a RunWaitTimeoutError, not ${error}`);
    // Nothing breaks afterwards either.
    await new Promise((resolve) => setTimeout(resolve, 100));
    equal((await client.getTraceRun(created.id)).status, "RUNNING");
  },
};

/** The names of all cases. */
export const kitCaseNames = Object.keys(cases);
