import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { createRun } from "../support/run-helpers.ts";
import { startTestServer } from "../support/test-server.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

/** No worker runs until a test starts one. */
const server = useHttpServer();
const database = databaseBehind(server);

async function pendingRun() {
  const api = server.project();
  await storeTrace(api);
  const run = await createRun(api);
  const get = (prefer: string) => {
    const since = performance.now();
    return api
      .get<EvalRunResponse>(`/evaluations/trace-runs/${run.id}`, { prefer })
      .then((answer) => ({ ...answer, seconds: (performance.now() - since) / 1000 }));
  };
  return { api, run, get };
}

describe("Prefer: wait", () => {
  test("holds the answer for the requested time while nothing changes", async () => {
    const { run, get } = await pendingRun();
    const { status, body, headers, seconds } = await get("wait=1");
    expect(status).toBe(200);
    expect(body).toEqual(run);
    expect(headers.get("preference-applied")).toBe("wait=1");
    expect(seconds).toBeGreaterThan(0.95);
  });

  test.each([
    ["wait=0", "wait=0"],
    ["respond-async, wait=0", "wait=0"],
    ["WAIT = 0", "wait=0"],
    ['wait="0"; foo=bar', "wait=0"],
    ["wait=", null],
    ["wait=soon", null],
    ["wait=-1", null],
    ["await=9", null],
    ["respond-async", null],
    ["", null],
  ])("reads %j as %j", async (prefer, applied) => {
    const { get } = await pendingRun();
    const { status, headers } = await get(prefer);
    expect([status, headers.get("preference-applied")]).toEqual([200, applied]);
  });

  test("of an ended run answers at once", async () => {
    const { run, get } = await pendingRun();
    await database.run("update eval_runs set status = 'FAILED', completed_at = now() where id = $1", [
      run.id,
    ]);
    const { body, headers, seconds } = await get("wait=3600");
    expect(body.status).toBe("FAILED");
    // Never longer than a minute.
    expect(headers.get("preference-applied")).toBe("wait=60");
    expect(seconds).toBeLessThan(10);
  });

  test("of an unknown run is 404 at once", async () => {
    const answer = await server.project().get(`/evaluations/trace-runs/${unknownId}`, { prefer: "wait=60" });
    expectProblem(answer, "not_found");
    expect(answer.headers.get("preference-applied")).toBeNull();
  });

  test("answers on every change of the run until it has ended", async () => {
    const api = server.project();
    await storeTraces(api, [{ name: "a" }, { name: "b" }, { name: "c" }]);
    let run = await createRun(api, { metrics: ["coherence", "confidence"] });
    const first = api.get<EvalRunResponse>(`/evaluations/trace-runs/${run.id}`, { prefer: "wait=60" });
    const worker = await startTestServer({ role: "worker", database: server.current.database });
    try {
      const seen: EvalRunResponse[] = [(await first).body];
      run = seen[0] ?? run;
      while (run.status !== "COMPLETED") {
        run = (await api.get<EvalRunResponse>(`/evaluations/trace-runs/${run.id}`, { prefer: "wait=60" }))
          .body;
        seen.push(run);
      }
      expect(run).toMatchObject({ evaluated_count: 3, failed_count: 0 });
      const counts = seen.map(({ evaluated_count }) => evaluated_count);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      expect(seen[0]).not.toMatchObject({ status: "PENDING", evaluated_count: 0 });
    } finally {
      await worker.close();
    }
  });

  test("may be repeated over one connection", async () => {
    const { get } = await pendingRun();
    const warnings: unknown[] = [];
    const listen = (warning: unknown) => warnings.push(warning);
    process.on("warning", listen);
    for (let n = 0; n < 30; n += 1) await get("wait=0");
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });

  test("of a run that is deleted meanwhile is 404", async () => {
    const { api, run, get } = await pendingRun();
    const waiting = get("wait=60");
    // The deletion is seen by the first read or notified.
    await api.delete(`/evaluations/trace-runs/${run.id}`);
    expectProblem(await waiting, "not_found");
  });
});
