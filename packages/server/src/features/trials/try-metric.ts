import type { MetricTrial, TryMetricRequest } from "@pandaprobe/contract";
import {
  ProblemError,
  refusalProblem,
  type TriedMetric,
  triedMetric,
  unknownTargets,
} from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import { type Quotas, quotasOf } from "../../config/project-limits.ts";
import type { Database } from "../../db/database.ts";
import { LedgerError } from "../../judge/ledger/ledger.ts";
import { SharedBudget } from "../../judge/ledger/metered-ledger.ts";
import { findMetricVersion, findOwnMetrics } from "../metrics/own-metrics.ts";
import { resolveJudge } from "../runs/create/resolve-judge.ts";
import { isFree } from "../runs/create/start-run.ts";
import { kindOf } from "../runs/target-kinds/target-kinds.ts";
import { type JudgingContext, judgeTarget } from "./judge-target.ts";
import { closeTrial, openTrial } from "./open-trial.ts";
import { type TrialStop, trialSignals } from "./trial-signals.ts";

export interface TrialContext extends JudgingContext {
  readonly quotas: Quotas;
}

/**
 * Judges a few targets like a run, but stores no score.
 *
 * @throws ProblemError as `triedMetric` does; `not_found` for unknown targets; for a judge that cannot be used;
 * `quota_exceeded`; `unavailable` if the server stops or the database does not answer.
 */
export async function tryMetric(
  context: TrialContext,
  projectId: string,
  name: string,
  request: TryMetricRequest,
  stop: TrialStop,
): Promise<MetricTrial> {
  const { db, judges, quotas } = context;
  const tried = triedMetric(name, request, await storedMetric(db, projectId, name, request.version));
  const metric = kindOf(tried.targets.type).resolveMetric(name, tried.own);
  const {
    columns: { model },
  } = resolveJudge(judges, {
    by: { model: request.model },
    metrics: [metric],
    maxCostUsd: null,
    quotas: quotasOf(quotas, projectId),
  });
  await checkTargets(db, projectId, tried);
  const usesModel = metric.asks || metric.embeds;
  const trial = await openTrial(db, projectId, quotas, !usesModel || isFree(judges, model));
  const signals = trialSignals(stop);
  try {
    const budget = trial.maxUsd === null ? null : new SharedBudget(trial.maxUsd);
    const task = { trial, tried, metric, model, budget };
    // The trial is closed only once no call is in flight.
    const settled = await Promise.allSettled(
      tried.ids.map((id, position) => judgeTarget(context, task, { id, position }, signals)),
    );
    const results = settled.map((result) => {
      if (result.status === "rejected") throw result.reason;
      return result.value;
    });
    if (stop.draining.aborted && results.some(({ stopped }) => stopped)) throw stopping();
    return {
      name,
      version: tried.own?.version ?? null,
      model: metric.asks ? model : null,
      results: results.map(({ result }) => result),
    };
  } catch (error) {
    throw error instanceof LedgerError ? databaseAway(error) : error;
  } finally {
    signals.end();
    await closeTrial(db, trial);
  }
}

async function storedMetric(
  db: Database,
  projectId: string,
  name: string,
  version: number | null | undefined,
) {
  const latest = (await findOwnMetrics(db, projectId, [name])).get(name);
  const stored = version == null ? latest : await findMetricVersion(db, projectId, name, version);
  return { stored, isNew: latest === undefined };
}

/** @throws ProblemError `not_found` */
async function checkTargets(db: Database, projectId: string, { targets, ids }: TriedMetric): Promise<void> {
  const kind = kindOf(targets.type);
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${ids}::text[]) as listed(id) where ${kind.exists(projectId, sql.ref<string>("listed.id"))}`.execute(
    db,
  );
  const existing = new Set(rows.map(({ id }) => id));
  const unknown = ids.filter((id) => !existing.has(id));
  if (unknown.length > 0) throw refusalProblem(unknownTargets(targets.noun, targets.idsField, unknown));
}

function stopping(): ProblemError {
  return new ProblemError("unavailable", "The server is stopping. Try again in a moment.", {
    retryAfterSeconds: 1,
  });
}

function databaseAway(cause: LedgerError): ProblemError {
  return new ProblemError("unavailable", "The database cannot be reached right now. Try again in a moment.", {
    retryAfterSeconds: 1,
    cause,
  });
}
