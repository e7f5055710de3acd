import type { MonitorResponse } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import { databaseBehind } from "../http/support/database-behind.ts";
import { createMonitor } from "../http/support/samples.ts";
import { useHttpServer } from "../http/support/use-http-server.ts";
import type { ApiClient } from "../support/api-client.ts";
import { endedRun } from "../support/run-helpers.ts";
import { spanBody, storeTrace } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";

const server = useHttpServer({ role: "all", environment: { MONITOR_CHECK_SECONDS: "1" } });
const database = databaseBehind(server);

/** Makes monitors due, and waits until their ticks are over and their runs have ended. @returns which of them ran */
async function tick(api: ApiClient, monitors: readonly MonitorResponse[]): Promise<boolean[]> {
  const read = async ({ id }: MonitorResponse) =>
    (await api.get<MonitorResponse>(`/evaluations/monitors/${id}`)).body;
  const before = await Promise.all(monitors.map(read));
  const ids = monitors.map(({ id }) => id);
  await database.run("update monitors set next_run_at = created_at where id = any($1::uuid[])", [ids]);
  return Promise.all(
    before.map(async (old) => {
      const now = await waitUntil(async () => {
        const monitor = await read(old);
        return monitor.next_run_at !== monitor.created_at && monitor;
      });
      if (now.last_run_id === old.last_run_id) return false;
      const path = now.target_type === "TRACE" ? "trace-runs" : "session-runs";
      await endedRun(api, now.last_run_id ?? "", undefined, path);
      return true;
    }),
  );
}

test("a monitor picks up what it has judged only when a judge would read something else", async () => {
  const api = server.project();
  const span = spanBody({ span_id: crypto.randomUUID(), output: "found" });
  const fields = { session_id: "s", input: "Hi", output: "Ho", tags: ["a"], spans: [span] };
  const trace_id = await storeTrace(api, fields);
  const monitors = [
    await createMonitor(api, { filters: { tags: ["a", "b"] } }),
    await createMonitor(api, { target_type: "SESSION", metrics: ["agent_reliability"] }),
  ];
  expect(await tick(api, monitors)).toEqual([true, true]);

  await storeTrace(api, { ...fields, trace_id });
  await api.patch(`/traces/${trace_id}`, { name: "renamed", tags: ["a", "c"], user_id: "ann" });
  await api.post(`/traces/${trace_id}/spans`, [span]);
  expect(await tick(api, monitors)).toEqual([false, false]);

  await api.patch(`/traces/${trace_id}/spans/${span["span_id"]}`, { output: "not found" });
  expect(await tick(api, monitors)).toEqual([true, true]);

  // One that was never judged counts as soon as it matches, and it changes its session.
  const late = await storeTrace(api, { session_id: "s", tags: [] });
  expect(await tick(api, monitors)).toEqual([false, true]);
  await api.patch(`/traces/${late}`, { tags: ["b"] });
  expect(await tick(api, monitors)).toEqual([true, false]);
});
