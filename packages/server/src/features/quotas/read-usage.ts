import type { ProjectUsage, QuotaUsage } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";
import { type Quotas, quotasOf } from "../../config/project-limits.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { isOpenRun } from "../../db/open-run.ts";

interface Storage {
  readonly traces: number;
  readonly bytes: number;
}

/** Since midnight UTC. */
interface Today {
  readonly runs: number;
  readonly usd: number;
  /** The money that runs in progress, and metrics being tried, may still spend. */
  readonly usdCommitted: number;
  /** Until midnight UTC. */
  readonly secondsLeft: number;
}

/** A count of a project: the folded total and the deltas, read in one statement so that they are consistent. */
function counted(
  projectId: string,
  column: "traces" | "bytes" | "runs" | "usd",
  table: "project_totals" | "project_days",
): RawBuilder<number> {
  const isToday = table === "project_days" ? sql`and day = (now() at time zone 'UTC')::date` : sql``;
  const sum = (from: string) =>
    sql`coalesce((select sum(${sql.ref(column)}) from ${sql.table(from)} where project_id = ${projectId} ${isToday}), 0)`;
  return sql`(${sum(table)} + ${sum("project_usage_deltas")})`;
}

export async function readStorage(db: Database | DatabaseTransaction, projectId: string): Promise<Storage> {
  return db
    .selectNoFrom([
      counted(projectId, "traces", "project_totals").as("traces"),
      counted(projectId, "bytes", "project_totals").as("bytes"),
    ])
    .executeTakeFirstOrThrow();
}

export async function readToday(db: Database | DatabaseTransaction, projectId: string): Promise<Today> {
  return db
    .selectNoFrom([
      counted(projectId, "runs", "project_days").as("runs"),
      counted(projectId, "usd", "project_days").as("usd"),
      sql<number>`(
        select coalesce(sum(greatest(budget.max_usd - budget.spent_usd, 0)), 0)
        from eval_runs run
        join eval_run_budgets budget on budget.project_id = run.project_id and budget.run_id = run.id
        where run.project_id = ${projectId} and ${isOpenRun("run")}
      ) + (
        select coalesce(sum(max_usd), 0) from metric_trials
        where project_id = ${projectId} and expires_at > now())`.as("usdCommitted"),
      sql<number>`ceil(extract(epoch from date_trunc('day', now(), 'UTC') + interval '1 day' - now()))`.as(
        "secondsLeft",
      ),
    ])
    .executeTakeFirstOrThrow();
}

export async function countMonitors(db: Database | DatabaseTransaction, projectId: string): Promise<number> {
  const { count } = await db
    .selectFrom("monitors")
    .where("project_id", "=", projectId)
    .select((row) => row.fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** A project's usage and quotas. */
export async function readProjectUsage(
  db: Database,
  project: { readonly id: string; readonly name: string },
  allQuotas: Quotas,
  now: Date,
): Promise<ProjectUsage> {
  const [{ traces, bytes }, today, monitors] = await Promise.all([
    readStorage(db, project.id),
    readToday(db, project.id),
    countMonitors(db, project.id),
  ]);
  const quotas = quotasOf(allQuotas, project.id);
  const midnight = new Date(now);
  midnight.setUTCHours(24, 0, 0, 0);
  return {
    project: project.name,
    traces: usage(traces, quotas.traces),
    bytes: usage(bytes, quotas.bytes),
    monitors: usage(monitors, quotas.monitors),
    runs_today: usage(today.runs, quotas.runsPerDay),
    usd_today: usage(today.usd, quotas.usdPerDay),
    usd_committed: today.usdCommitted,
    resets_at: midnight.toISOString(),
  };
}

function usage(used: number, limit: number): QuotaUsage {
  return { used, limit: limit === 0 ? null : limit };
}
