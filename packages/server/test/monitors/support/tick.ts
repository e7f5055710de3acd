import type { MonitorResponse } from "@pandaprobe/contract";
import type { databaseBehind } from "../../http/support/database-behind.ts";
import type { ApiClient } from "../../support/api-client.ts";
import { endedRun } from "../../support/run-helpers.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Makes monitors due, and waits until their ticks are over and their runs have ended. @returns which of them ran */
export async function tick(
  api: ApiClient,
  database: ReturnType<typeof databaseBehind>,
  monitors: readonly MonitorResponse[],
): Promise<boolean[]> {
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
