import { EventEmitter } from "node:events";
import { type Runner, run, type WorkerEvents, type WorkerPool } from "graphile-worker";
import type { Pool } from "pg";
import type { Compute } from "../compute/compute.ts";
import type { MonitorLimits, Quotas } from "../config/project-limits.ts";
import type { Clock } from "../db/clock.ts";
import type { Database } from "../db/database.ts";
import { countDueJobs } from "../db/queue/job-tables.ts";
import { queueLogger } from "../db/queue/queue-logger.ts";
import { queuePool } from "../db/queue/queue-pool.ts";
import { RunBatcher } from "../db/run-batcher.ts";
import { foldScores } from "../features/analytics/fold-scores.ts";
import { purgeAuditLog } from "../features/audit/audit-log.ts";
import { fireDueMonitors } from "../features/monitors/fire-due-monitors.ts";
import { purgeOtelEvents, scoreWaitingEvents } from "../features/otel-events/score-events.ts";
import { eraseDeletedProjects } from "../features/projects/delete-project.ts";
import { foldUsage } from "../features/quotas/fold-usage.ts";
import { purgeRequests } from "../features/requests/purge-requests.ts";
import { prioritizeRetries } from "../features/runs/dispatch/queue-targets.ts";
import { RunWatch } from "../features/runs/evaluate/run-watch.ts";
import { RunEmbeddings } from "../features/runs/evaluate/signals/run-embeddings.ts";
import { storeSignals } from "../features/runs/evaluate/signals/stored-signals.ts";
import { TraceSlots } from "../features/runs/evaluate/signals/trace-slots.ts";
import { recordOutcomes } from "../features/runs/finish/record-outcomes.ts";
import type { RunListener } from "../features/runs/read/run-listener.ts";
import { fillWaitingSpans, purgeMessages } from "../features/traces/waiting-messages.ts";
import type { Judges } from "../judge/judges.ts";
import { purgeLedger } from "../judge/ledger/purge-ledger.ts";
import { settleLostCalls } from "../judge/ledger/settle-calls.ts";
import { longestCallMs, type SqlLedgers } from "../judge/ledger/sql-ledger.ts";
import type { Log } from "../log.ts";
import { FairShare } from "./fair-share.ts";
import { Heartbeat } from "./heartbeat.ts";
import { HeldJobs } from "./held-jobs.ts";
import { prepareQuarantine } from "./quarantine.ts";
import { repeat } from "./repeat.ts";
import { createTasks } from "./tasks.ts";

export interface WorkerOptions {
  readonly db: Database;
  readonly pool: Pool;
  readonly judges: Judges;
  readonly ledgers: SqlLedgers;
  readonly compute: Compute;
  readonly now: Clock;
  readonly runs: RunListener;
  readonly log: Log;
  /** The most judge calls in flight to each model. */
  readonly judgeConcurrency: number;
  /** The time limit of a judge call. */
  readonly callTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly deadAfterMs: number;
  /** The pause between checks for due monitors. */
  readonly monitorCheckMs: number;
  /** How long judge calls in flight may take once the worker is stopped. */
  readonly drainTimeoutMs: number;
  readonly judgeAnswersKeptDays: number;
  readonly auditLogKeptDays: number;
  readonly quotas: Quotas;
  readonly monitorLimits: MonitorLimits;
}

/** The pause between checks for deleted projects to erase. */
const erasingPauseMs = 5000;

/** The pause between folding changes of scores and usage into their totals. */
const foldPauseMs = 2000;

/** The pause between checks for failed jobs, which get a higher priority. */
const retryCheckMs = 2000;

/** The pause between checks for jobs that may start. */
const dueCheckMs = 1000;

/** The pause between checks whether open runs have ended, in case a notification was missed. */
const runCheckMs = 1000;

export interface Worker {
  /** Takes no new jobs, lets judge calls in flight end, and gives the other jobs back to the queue. */
  stop(): Promise<void>;
}

/** How long a score waits for others, so that one transaction stores many. Each transaction locks the run's row. */
const storingWaitMs = 50;

/** The pause between purges. Retention is at least a minute, so a few minutes of delay do not matter. */
const purgePauseMs = 5 * 60_000;

/** How soon after its trace a waiting evaluation result becomes a score. */
const eventsPauseMs = 2000;

/** The pause between checks for judge calls whose process died after their run had ended. */
const settlingPauseMs = 10_000;

/** Runs the jobs of the queue until it is stopped. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, log } = options;
  const draining = new AbortController();
  // Some targets wait for the database while others call a judge, so twice as many jobs keep every call slot in use.
  const inFlight = 2 * options.judgeConcurrency;
  // A single project gets half of all slots.
  const slots = 2 * inFlight;
  const shares = new FairShare(slots, () => options.judges.blockedModels());
  const events: WorkerEvents = new EventEmitter();
  shares.watch(events);
  // Without its other methods: a pool is thenable, and would resolve when it ends.
  const created = new Promise<Pick<WorkerPool, "id" | "nudge">>((resolve) => {
    events.once("pool:create", ({ workerPool }) =>
      resolve({ id: workerPool.id, nudge: (slots) => workerPool.nudge(slots) }),
    );
  });
  const runWatch = new RunWatch(db, options.runs);
  const held = new HeldJobs(db, draining.signal);
  const tasks = createTasks(db, held, {
    db,
    judges: options.judges,
    compute: options.compute,
    outcomes: new RunBatcher(db, recordOutcomes, storingWaitMs),
    signals: new RunBatcher(db, storeSignals, storingWaitMs),
    ledgers: options.ledgers,
    embeddings: new RunEmbeddings(),
    traceSlots: new TraceSlots(inFlight),
    runWatch,
    log,
  });
  await prepareQuarantine(db);
  const runner = await run({
    pgPool: queuePool(options.pool),
    taskList: tasks,
    concurrency: slots,
    forbiddenFlags: () => shares.forbiddenFlags(),
    noHandleSignals: true,
    events,
    logger: queueLogger(log),
    gracefulShutdownAbortTimeout: options.drainTimeoutMs,
    // New jobs are announced by NOTIFY, and `wakeSlots` finds the others. Here each slot would poll by itself.
    pollInterval: 60_000,
  });
  const { id, nudge } = await created;
  const { judges, now, quotas, monitorLimits } = options;
  const scheduler = { db, judges, now, quotas, monitorLimits, log, draining: draining.signal };
  const { heartbeatMs, deadAfterMs } = options;
  /** Retries become due, and models and projects get free slots, without a notification. */
  const wakeSlots = async () => {
    const due = await countDueJobs(db, slots);
    if (due > 0 && !draining.signal.aborted) nudge(due);
  };
  const onPresumedDead = () => held.abandon();
  const heartbeat = new Heartbeat(db, {
    workerId: id,
    processId: options.ledgers.processId,
    slots: inFlight,
    heartbeatMs,
    deadAfterMs,
    onPresumedDead,
    log,
  });
  const periodic = [
    repeat(heartbeatMs, () => heartbeat.beat(), log),
    repeat(heartbeatMs, () => held.giveBackUnknown(id, deadAfterMs), log),
    repeat(retryCheckMs, () => prioritizeRetries(db), log),
    repeat(options.monitorCheckMs, () => fireDueMonitors(scheduler), log),
    repeat(runCheckMs, () => runWatch.check(), log),
    repeat(dueCheckMs, wakeSlots, log),
    repeat(foldPauseMs, () => foldScores(db, draining.signal), log),
    repeat(foldPauseMs, () => foldUsage(db, draining.signal), log),
    repeat(erasingPauseMs, () => eraseDeletedProjects(db, log, draining.signal), log),
    repeat(purgePauseMs, () => purgeAuditLog(db, options.auditLogKeptDays, draining.signal), log),
    repeat(purgePauseMs, () => purgeRequests(db, draining.signal), log),
    repeat(purgePauseMs, () => purgeOtelEvents(db, draining.signal), log),
    repeat(purgePauseMs, () => purgeMessages(db, draining.signal), log),
    repeat(eventsPauseMs, () => scoreWaitingEvents(db, draining.signal), log),
    repeat(eventsPauseMs, () => fillWaitingSpans(db, draining.signal), log),
    repeat(purgePauseMs, () => purgeLedger(db, options.judgeAnswersKeptDays, draining.signal), log),
    repeat(settlingPauseMs, () => settleLostCalls(db, longestCallMs(options.callTimeoutMs)), log),
  ];
  return {
    async stop() {
      draining.abort();
      await stopRunner(runner);
      await Promise.all(periodic.map((task) => task.stop()));
      // If the database is unreachable, this worker is presumed dead later.
      await heartbeat.end().catch(() => undefined);
    },
  };
}

async function stopRunner(runner: Runner): Promise<void> {
  await runner.stop().catch(() => undefined);
  await runner.promise.catch(() => undefined);
}
