import type { MetricTrialResult } from "@pandaprobe/contract";
import { cutFreeText, failedMetadata, type TriedMetric } from "@pandaprobe/contract/rules";
import type { Compute } from "../../compute/compute.ts";
import type { Database } from "../../db/database.ts";
import { storableText } from "../../db/storable.ts";
import type { Judges } from "../../judge/judges.ts";
import { MeteredLedger, type SharedBudget } from "../../judge/ledger/metered-ledger.ts";
import type { SqlLedgers } from "../../judge/ledger/sql-ledger.ts";
import { UnusableModelError } from "../../judge/queue/model-queue.ts";
import type { Log } from "../../log.ts";
import { evaluateConversation } from "../runs/evaluate/evaluate-conversation.ts";
import { evaluateTrace } from "../runs/evaluate/evaluate-trace.ts";
import { createPanel } from "../runs/evaluate/panel.ts";
import { RunEmbeddings } from "../runs/evaluate/signals/run-embeddings.ts";
import { TraceSlots } from "../runs/evaluate/signals/trace-slots.ts";
import type { StopSignals } from "../runs/evaluate/target-job.ts";
import type { EndedItem, Outcome } from "../runs/outcome.ts";
import type { RunMetric } from "../runs/target-kinds/target-kind.ts";
import type { Trial } from "./open-trial.ts";
import { startsForMs } from "./trial-signals.ts";

/** The dependencies of a trial. */
export interface JudgingContext {
  readonly db: Database;
  readonly judges: Judges;
  readonly ledgers: SqlLedgers;
  readonly compute: Compute;
  readonly log: Log;
}

export interface TrialTask {
  readonly trial: Trial;
  readonly tried: TriedMetric;
  readonly metric: RunMetric;
  readonly model: string;
  readonly budget: SharedBudget | null;
}

export interface TriedTarget {
  readonly result: MetricTrialResult;
  /** Whether it was stopped before there was an outcome. */
  readonly stopped: boolean;
}

/** Judges one target. @throws LedgerError; every error of our own */
export async function judgeTarget(
  { db, judges, ledgers, compute, log }: JudgingContext,
  { trial, tried, metric, model, budget }: TrialTask,
  { id, position }: { readonly id: string; readonly position: number },
  { stop, abortCalls }: StopSignals,
): Promise<TriedTarget> {
  const { targets, own } = tried;
  const key = { project_id: trial.project_id, run_id: trial.id, position };
  const ledger = new MeteredLedger(ledgers.of({ ...key, fresh: false, budget: null }), budget);
  const judgedBy = { models: [model], repeats: 1, aggregate: null };
  const panel = createPanel(judgedBy, (name, repeat) =>
    judges.judgeFor(name, { ledger, abortCalls, repeat }),
  );
  const target = {
    type: targets.type,
    id,
    openMetrics: [metric.name],
    own: new Map(own === undefined ? [] : [[metric.name, { ...own, model: null }]]),
    model,
    panel: judgedBy,
    thresholds: {},
    filters: {},
    fresh: false,
    budget: null,
  };
  let outcome: Outcome | undefined;
  const recorder = {
    record: async (item: EndedItem) => {
      outcome = item;
    },
  };
  const context = {
    db,
    compute,
    log,
    outcomes: recorder,
    signals: { record: async () => undefined },
    embeddings: new RunEmbeddings(),
    traceSlots: new TraceSlots(1),
  };
  const job = { key, target, panel, panelOf: () => panel, stop };
  const failed = (reason: string) => ({
    status: "FAILED" as const,
    value: null,
    reason,
    metadata: failedMetadata({ threshold: metric.defaultThreshold, model, version: own?.version }),
  });
  let stopped = false;
  try {
    if (targets.type === "SESSION") await evaluateConversation(context, job, [metric.name]);
    else await evaluateTrace(context, job);
  } catch (error) {
    stopped = stop.aborted;
    if (stopped) outcome = failed(outOfTime(targets.noun));
    else if (error instanceof UnusableModelError) outcome = failed(error.message);
    else throw error;
  }
  if (outcome === undefined) throw new TypeError("An evaluation that resolves has an outcome.");
  return { stopped, result: resultOf(tried, id, outcome, ledger.usage) };
}

function resultOf(
  { targets }: TriedMetric,
  id: string,
  { status, value, reason, metadata }: Outcome,
  usage: MetricTrialResult["usage"],
): MetricTrialResult {
  const isTrace = targets.type === "TRACE";
  return {
    trace_id: isTrace ? id : null,
    session_id: isTrace ? null : id,
    status,
    value,
    reason: cutFreeText(storableText(reason)),
    metadata: { ...metadata },
    usage,
  };
}

function outOfTime(noun: TriedMetric["targets"]["noun"]): string {
  return `The judge did not answer within ${startsForMs / 1000} s. Try again, or create a run over this ${noun}: it waits longer.`;
}
