import type { EvalRunResponse } from "@pandaprobe/contract";
import type { DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { runTemplate } from "./monitored.ts";
import { templateOf } from "./run-template.ts";
import { setFields } from "./set-fields.ts";

/**
 * Makes a run of a monitor that the transaction has locked, and notes it down there.
 *
 * @param seen what had been committed before the run chose its targets. @throws ProblemError where none can be made.
 */
export async function runMonitor(
  { db, judges, quotas }: Pick<MonitorContext, "judges" | "quotas"> & { readonly db: DatabaseTransaction },
  monitor: Row<"monitors">,
  { time, seen }: { time: Date; seen: string },
): Promise<EvalRunResponse> {
  const request = { db, judges, quotas, projectId: monitor.project_id, monitorId: monitor.id };
  const run = await runTemplate(request, `[Monitor] ${monitor.name}`, templateOf(monitor));
  await setFields(db, monitor, { last_run_at: time.toISOString(), last_run_id: run.id, seen });
  return run;
}
