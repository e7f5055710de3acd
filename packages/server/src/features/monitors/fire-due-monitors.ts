import { ProblemError, settingsOf } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { MonitorLimits } from "../../config/project-limits.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inSavepoint } from "../../db/savepoint.ts";
import type { Row } from "../../db/schema.ts";
import { isRetryable, isUnavailable } from "../../db/sql-state.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { Log } from "../../log.ts";
import type { MonitorContext } from "./monitor-context.ts";
import { findChanges } from "./monitored-targets.ts";
import { runMonitor } from "./run-monitor.ts";
import { nextRunAfter } from "./schedule.ts";
import { type MonitorKey, setFields } from "./set-fields.ts";

export interface SchedulerContext extends MonitorContext {
  readonly db: Database;
  readonly log: Log;
  /** Aborted when the process is stopping: no more monitors are fired. */
  readonly draining: AbortSignal;
}

type DueMonitor = Pick<Row<"monitors">, "project_id" | "id" | "next_run_at">;

const pageSize = 100;
/** How long one statement may take, so that no monitor blocks the others forever. */
const longestStatement = "5min";

/**
 * Fires each due monitor once, however many processes do this at the same time. The process that locks a monitor
 * fires it and sets its next tick to the first one after now, in one transaction. Several missed ticks count as one.
 * If the monitors of a project have reached their limit of runs, its ticks are late, not lost.
 */
export async function fireDueMonitors(context: SchedulerContext): Promise<void> {
  const now = await context.now(context.db);
  const overLimit = new Set<string>();
  let last: DueMonitor | undefined;
  do {
    const due = await findDue(context.db, now, last);
    for (const monitor of due) {
      if (context.draining.aborted) return;
      if (overLimit.has(monitor.project_id)) continue;
      await fire(context, monitor, now).catch((error: unknown) => {
        if (isUnavailable(error)) throw error;
        if (isOverLimit(error)) {
          overLimit.add(monitor.project_id);
          context.log.debug({ project: monitor.project_id, reason: error.message }, "Monitors are late.");
          return;
        }
        context.log.error(
          { err: error, monitor: monitor.id },
          "A monitor could not be fired; it will be retried.",
        );
      });
    }
    last = due.length < pageSize ? undefined : due.at(-1);
  } while (last !== undefined);
}

/** The next due monitors after `last`, in the order of their ticks. */
async function findDue(db: Database, now: Date, last: DueMonitor | undefined): Promise<DueMonitor[]> {
  return db
    .selectFrom("monitors")
    .select(["project_id", "id", "next_run_at"])
    .where("next_run_at", "<=", now.toISOString())
    .$if(last !== undefined, (monitors) =>
      monitors.where(
        sql<SqlBool>`(next_run_at, project_id, id) > (${last?.next_run_at}, ${last?.project_id}, ${last?.id})`,
      ),
    )
    .orderBy("next_run_at")
    .orderBy("project_id")
    .orderBy("id")
    .limit(pageSize)
    .execute();
}

async function fire(context: SchedulerContext, key: MonitorKey, now: Date): Promise<void> {
  await inTransaction(context.db, async (transaction) => {
    await sql`set local statement_timeout = ${sql.lit(longestStatement)}`.execute(transaction);
    const monitor = await lockDue(transaction, key, now);
    if (monitor === undefined) return;
    await moveOn(context, transaction, monitor, now);
    try {
      await inSavepoint(transaction, () => tick(context, transaction, monitor, now));
    } catch (error) {
      // After a temporary failure the tick stays due.
      if (isRetryable(error) || isUnavailable(error) || isOverLimit(error)) throw error;
      skip(context.log, monitor, error);
    }
  });
}

/** The monitor, if it is still due and no other transaction has locked it. */
async function lockDue(
  db: DatabaseTransaction,
  key: MonitorKey,
  now: Date,
): Promise<Row<"monitors"> | undefined> {
  return db
    .selectFrom("monitors")
    .selectAll()
    .where("project_id", "=", key.project_id)
    .where("id", "=", key.id)
    .where("next_run_at", "<=", now.toISOString())
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** Sets the next tick. If it cannot be computed, the monitor is paused, because it would stay due forever. */
async function moveOn(
  { log, monitorLimits }: SchedulerContext,
  db: DatabaseTransaction,
  monitor: Row<"monitors">,
  now: Date,
): Promise<void> {
  const tick = monitor.next_run_at ?? now.toISOString();
  let next: Pick<Row<"monitors">, "next_run_at" | "status">;
  try {
    next = { next_run_at: nextRunAfter(monitor, tick, now, monitorLimits), status: "ACTIVE" };
  } catch (error) {
    log.error(
      { err: error, monitor: monitor.id },
      "Could not compute the next tick of a monitor; it is paused.",
    );
    next = { next_run_at: null, status: "PAUSED" };
  }
  await setFields(db, monitor, next);
}

async function tick(
  { judges, quotas, monitorLimits, log }: SchedulerContext,
  db: DatabaseTransaction,
  monitor: Row<"monitors">,
  now: Date,
): Promise<void> {
  const { quietMs } = monitorLimits;
  const { hasChanged, ...seen } = await findChanges(db, monitor, settingsOf(monitor), quietMs);
  if (monitor.only_if_changed && !hasChanged) {
    log.debug({ monitor: monitor.id }, "A monitor skips a tick: nothing has changed.");
    // The next tick then has fewer changes to check.
    await setFields(db, monitor, seen);
    return;
  }
  if (monitor.sampling_rate === 0) {
    log.debug({ monitor: monitor.id }, "A monitor skips a tick: its sampling rate is 0.");
    return;
  }
  await countMonitorRun(db, monitor.project_id, monitorLimits);
  const run = await runMonitor({ db, judges, quotas }, monitor, { time: now, seen, quietMs });
  log.info({ monitor: monitor.id, run: run.id }, "A monitor created a run.");
}

/**
 * Counts a run that a tick is about to create, under the lock of the project's row.
 *
 * @throws ProblemError `quota_exceeded` if the monitors of the project have reached their limit.
 */
async function countMonitorRun(
  db: DatabaseTransaction,
  projectId: string,
  { runsPerMinute }: MonitorLimits,
): Promise<void> {
  if (runsPerMinute === 0) return;
  const recent = sql`array(select made from unnest(monitor_runs) made where made > now() - interval '1 minute')`;
  const { numAffectedRows } = await sql`
    update projects set monitor_runs = ${recent} || now()
    where id = ${projectId} and cardinality(${recent}) < ${runsPerMinute}`.execute(db);
  if (numAffectedRows === 1n) return;
  throw new ProblemError(
    "quota_exceeded",
    `The monitors of this project have created ${runsPerMinute} runs within a minute, as many as MONITOR_RUNS_PER_MINUTE allows.`,
    { retryAfterSeconds: 60 },
  );
}

/** Whether the monitors of the project have reached their limit, or the project its quota. */
function isOverLimit(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.code === "quota_exceeded";
}

function skip(log: Log, monitor: MonitorKey, error: unknown): void {
  if (error instanceof ProblemError && error.code === "nothing_matches") {
    log.debug({ monitor: monitor.id }, "A monitor skips a tick: nothing matches.");
    return;
  }
  log.warn({ err: error, monitor: monitor.id }, "A monitor skips a tick: its run could not be created.");
}
