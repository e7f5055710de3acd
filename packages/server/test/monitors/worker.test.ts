import type { EvalRunPage, MonitorResponse } from "@pandaprobe/contract";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createMonitor } from "../http/support/samples.ts";
import { endedRun, runScores } from "../support/run-helpers.ts";
import { startTestServer, useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

test("two servers fire a due monitor once, and evaluate its run", async () => {
  const environment = { MONITOR_CHECK_SECONDS: "1" };
  const { api, database } = await useTestServer({ environment });
  const other = await startTestServer({ environment, role: "worker", database });
  onTestFinished(() => other.close());
  await storeTraces(api, 3);
  const { id, created_at } = await createMonitor(api, { cadence: "cron:*/5 * * * *" });
  // Moves the tick to now, so that the test need not wait.
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  await pool.query("update monitors set next_run_at = created_at where id = $1", [id]);
  await pool.end();

  const monitor = await waitUntil(async () => {
    const { body } = await api.get<MonitorResponse>(`/evaluations/monitors/${id}`);
    return body.last_run_id !== null && body;
  });
  expect(Date.parse(monitor.next_run_at ?? "")).toBeGreaterThan(Date.parse(created_at));
  const run = await endedRun(api, monitor.last_run_id ?? "");
  expect(run).toMatchObject({
    status: "COMPLETED",
    name: "[Monitor] nightly",
    monitor_id: id,
    total_traces: 3,
  });
  expect(await runScores(api, run.id)).toHaveLength(3);
  const runs = await api.get<EvalRunPage>(`/evaluations/monitors/${id}/runs`);
  expect(runs.body.items).toEqual([run]);
});
