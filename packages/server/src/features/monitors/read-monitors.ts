import type { EvalRunResponse, MonitorPage, MonitorResponse, MonitorStatus } from "@pandaprobe/contract";
import { notFound } from "@pandaprobe/contract/rules";
import type { MonitorLimits } from "../../config/project-limits.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Row } from "../../db/schema.ts";
import type { PageInPieces } from "../pieces.ts";
import { runPage } from "../runs/read/read-runs.ts";
import { monitorResponse } from "./monitor-response.ts";

interface Paging {
  readonly limit: number;
  readonly offset: number;
}

export async function getMonitor(
  db: Database,
  projectId: string,
  monitorId: string,
  monitorLimits: MonitorLimits,
): Promise<MonitorResponse> {
  const monitor = await selectMonitor(db, projectId, monitorId).executeTakeFirst();
  if (monitor === undefined) throw notFound("monitor", monitorId);
  return monitorResponse(monitor, monitorLimits);
}

/** Reads a monitor and locks it until the transaction ends. @throws ProblemError `not_found` */
export async function lockMonitor(
  db: DatabaseTransaction,
  projectId: string,
  monitorId: string,
): Promise<Row<"monitors">> {
  const monitor = await selectMonitor(db, projectId, monitorId).forUpdate().executeTakeFirst();
  if (monitor === undefined) throw notFound("monitor", monitorId);
  return monitor;
}

/** Newest first. */
export async function listMonitors(
  db: Database,
  projectId: string,
  { status, ...paging }: Paging & { status?: MonitorStatus | undefined },
  monitorLimits: MonitorLimits,
): Promise<MonitorPage> {
  const matching = db
    .selectFrom("monitors")
    .where("project_id", "=", projectId)
    .$if(status !== undefined, (monitors) => monitors.where("status", "=", status ?? "ACTIVE"));
  const [{ total }, monitors] = await Promise.all([
    matching.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    matching
      .selectAll()
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(paging.limit)
      .offset(paging.offset)
      .execute(),
  ]);
  return { items: monitors.map((monitor) => monitorResponse(monitor, monitorLimits)), total, ...paging };
}

/** Newest first. @throws ProblemError `not_found` for an unknown monitor. */
export async function listMonitorRuns(
  db: Database,
  projectId: string,
  monitorId: string,
  paging: Paging,
): Promise<PageInPieces<EvalRunResponse>> {
  if ((await selectMonitor(db, projectId, monitorId).executeTakeFirst()) === undefined) {
    throw notFound("monitor", monitorId);
  }
  const runs = db
    .selectFrom("eval_runs")
    .where("project_id", "=", projectId)
    .where("monitor_id", "=", monitorId);
  return runPage(db, projectId, runs, paging);
}

function selectMonitor(db: Database | DatabaseTransaction, projectId: string, monitorId: string) {
  return db
    .selectFrom("monitors")
    .selectAll()
    .where("project_id", "=", projectId)
    .where("id", "=", monitorId);
}
