import { ProblemError } from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { inSavepoint } from "../../db/savepoint.ts";
import type { Row } from "../../db/schema.ts";
import { isRetriable, isUnavailable } from "../../db/sql-state.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { Log } from "../../log.ts";
import { countMonitorRun } from "./count-monitor-run.ts";
import type { MonitorContext } from "./monitor-context.ts";
import type { MonitorKey } from "./monitor-key.ts";
import { lookForChanges } from "./monitored.ts";
import { runMonitor } from "./run-monitor.ts";
import { templateOf } from "./run-template.ts";
import { nextRunAfter } from "./schedule.ts";
import { setFields } from "./set-fields.ts";

export interface SchedulerContext extends MonitorContext {
  readonly db: Database;
  readonly log: Log;
  /** Aborted when the process is about to stop: no more monitors are begun. */
  readonly draining: AbortSignal;
}

type DueMonitor = Pick<Row<"monitors">, "project_id" | "id" | "next_run_at">;

const pageSize = 100;
/** How long one statement for one monitor may take, so that none holds up the others for ever. */
const longestStatement = "5min";

/**
 * Fires each monitor that is due, once, however many processes do this at once: whoever locks a monitor fires it, and
 * moves its next tick to the first one after now in the same transaction. Ticks that were missed meanwhile are one tick.
 * A project whose monitors have made as many runs as they may is left alone until they may make more: its ticks are late,
 * and not lost.
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
          "A monitor could not be fired; it is tried again.",
        );
      });
    }
    last = due.length < pageSize ? undefined : due.at(-1);
  } while (last !== undefined);
}

/** The monitors that are due, in order of their ticks, from after `last` on. */
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
      // What passes by itself is no reason to skip: the tick stays due.
      if (isRetriable(error) || isUnavailable(error) || isOverLimit(error)) throw error;
      skip(context.log, monitor, error);
    }
  });
}

/** The monitor, if it is still due and nobody else is about to fire, change or delete it. */
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

/** A monitor whose next tick cannot be told is paused: it would be due for ever. */
async function moveOn(
  { log, limits }: SchedulerContext,
  db: DatabaseTransaction,
  monitor: Row<"monitors">,
  now: Date,
): Promise<void> {
  const tick = monitor.next_run_at ?? now.toISOString();
  let next: Pick<Row<"monitors">, "next_run_at" | "status">;
  try {
    next = { next_run_at: nextRunAfter(monitor, tick, now, limits), status: "ACTIVE" };
  } catch (error) {
    log.error({ err: error, monitor: monitor.id }, "A monitor's next tick cannot be told; it is paused.");
    next = { next_run_at: null, status: "PAUSED" };
  }
  await setFields(db, monitor, next);
}

async function tick(
  { judges, quotas, limits, log }: SchedulerContext,
  db: DatabaseTransaction,
  monitor: Row<"monitors">,
  now: Date,
): Promise<void> {
  const { hasChanged, seen } = await lookForChanges(
    db,
    monitor.project_id,
    templateOf(monitor),
    monitor.seen,
  );
  if (monitor.only_if_changed && !hasChanged) {
    log.debug({ monitor: monitor.id }, "A monitor skips a tick: nothing has changed.");
    // So that next time there is less to look through.
    await setFields(db, monitor, { seen });
    return;
  }
  if (monitor.sampling_rate === 0) {
    log.debug({ monitor: monitor.id }, "A monitor skips a tick: its sampling rate is 0.");
    return;
  }
  await countMonitorRun(db, monitor.project_id, limits);
  const run = await runMonitor({ db, judges, quotas }, monitor, { time: now, seen });
  log.info({ monitor: monitor.id, run: run.id }, "A monitor has made its run.");
}

/** Whether a project has made as many runs as it may for now. */
function isOverLimit(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.code === "quota_exceeded";
}

function skip(log: Log, monitor: MonitorKey, error: unknown): void {
  if (error instanceof ProblemError && error.code === "nothing_matches") {
    log.debug({ monitor: monitor.id }, "A monitor skips a tick: nothing matches.");
    return;
  }
  log.warn({ err: error, monitor: monitor.id }, "A monitor skips a tick: its run could not be made.");
}
