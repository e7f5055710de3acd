import type { EvalRunResponse, PandaProbe } from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { judge, model, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

/** An ended run of each kind, by its path. */
async function endedRuns(client: PandaProbe): Promise<Record<string, EvalRunResponse>> {
  await storeTraces(client, { session_id: "a" });
  const { run: trace } = await client.evaluateTraces({ metrics: ["coherence"], model });
  const { run: session } = await client.evaluateSessions({ metrics: ["agent_consistency"], model });
  return {
    [`/evaluations/trace-runs/${trace.id}`]: trace,
    [`/evaluations/session-runs/${session.id}`]: session,
  };
}

export const progress: readonly Behaviour[] = [
  {
    name: "waits for a change as long as `Prefer` says, if it is valid",
    async check(side) {
      const client = side.client();
      for (const path of Object.keys(await endedRuns(client))) {
        const applied = async (prefer: string) => {
          const request = { method: "GET", path, headers: { prefer } };
          return (await side.send(request, client)).headers.get("preference-applied");
        };
        expect(await applied("wait=0")).toBe("wait=0");
        expect(await applied("wait=900")).toBe("wait=60");
        expect(await applied('respond-async, WAIT = "7"; foo')).toBe("wait=7");
        for (const other of ["wait", "wait=-1", "wait=1.5", "wait=soon", "await=3", "return=minimal"]) {
          expect(await applied(other), other).toBe(null);
        }
      }
    },
  },
  {
    name: "streams events that the client has not seen yet",
    async check(side) {
      const client = side.client();
      for (const [path, run] of Object.entries(await endedRuns(client))) {
        const stream = async (lastEventId: string | null) => {
          const headers = { "last-event-id": lastEventId };
          const answer = await side.send({ method: "GET", path: `${path}/events`, headers }, client);
          expect(answer.headers.get("content-type")).toMatch(/^text\/event-stream\b/);
          expect(answer.headers.get("cache-control")).toMatch(/^no-cache\b/);
          return String(answer.body);
        };
        const end = `id: COMPLETED-1-0\nevent: end\ndata: ${JSON.stringify(run)}\n\n`;
        const whole = (text: string) =>
          text.replace(/^data: (.*)$/m, (_, data: string) => `data: ${sorted(data)}`);
        expect(whole(await stream(null))).toBe(whole(`retry: 1000\n${end}`));
        expect(whole(await stream("RUNNING-0-0"))).toBe(whole(`retry: 1000\n${end}`));
        expect(await stream("COMPLETED-1-0")).toBe("retry: 1000\n\n");
        const missing = await side.send(
          { method: "GET", path: `${path.replace(run.id, unknownId)}/events` },
          client,
        );
        expect(missing.status).toBe(404);
      }
    },
  },
  {
    name: "sends the streams of a run that it was cancelled or deleted",
    async check(side) {
      const client = side.client();
      await storeTraces(client, {});
      const judged = { metrics: ["confidence"], model: judge };
      side.setHeld(true);
      const [first, second] = [await client.createTraceRun(judged), await client.createTraceRun(judged)];
      const events = async (id: string, act: () => PromiseLike<unknown>) => {
        const seen: string[] = [];
        for await (const { event } of client.streamTraceRun(id)) {
          if (seen.length === 0) await act();
          seen.push(event);
        }
        return [seen.at(0), seen.at(-1)];
      };
      expect(await events(first.id, () => client.cancelTraceRun(first.id))).toEqual(["progress", "end"]);
      expect(await events(second.id, () => client.deleteTraceRun(second.id))).toEqual([
        "progress",
        "deleted",
      ]);
      side.setHeld(false);
      await expectRefusal(client.getTraceRun(second.id), 404, "not_found");
    },
  },
  {
    name: "does not change an ended run when it is cancelled",
    async check(side) {
      const client = side.client();
      await storeTraces(client, { session_id: "a" });
      const trace = await client.evaluateTraces({ metrics: ["coherence"], model });
      expect(await client.cancelTraceRun(trace.run.id)).toEqual(trace.run);
      const session = await client.evaluateSessions({ metrics: ["agent_consistency"], model });
      expect(await client.cancelSessionRun(session.run.id)).toEqual(session.run);
      await expectRefusal(client.cancelSessionRun(trace.run.id), 404, "not_found");
      await expectRefusal(client.retryTraceRun(session.run.id), 404, "not_found");
      await expectRefusal(client.deleteSessionRun(trace.run.id), 404, "not_found");
    },
  },
];

/** JSON with sorted fields, because their order is not promised. */
function sorted(json: string): string {
  return JSON.stringify(Object.entries(JSON.parse(json) as object).sort());
}
