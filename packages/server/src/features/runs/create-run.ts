import type { CreateBatchEvalRunRequest, CreateEvalRunRequest, EvalRunResponse } from "@pandaprobe/contract";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { Judges } from "../../judge/judges.ts";
import { ProblemError } from "../problem.ts";
import { resolveJudge } from "./resolve-judge.ts";
import { resolveTraceMetrics } from "./run-metrics.ts";
import { startRun } from "./start-run.ts";
import { addMatchingTraces, addTraces } from "./targets.ts";

/** What every way to make a run needs to know. */
export interface RunRequest {
  readonly db: Database | DatabaseTransaction;
  readonly judges: Judges;
  readonly projectId: string;
  /** The monitor that makes the run, if one does. */
  readonly monitorId?: string | undefined;
}

/** Makes a run over a sample of the traces that match the filters; with all its targets, or not at all. */
export async function createTraceRun(
  { db, judges, projectId, monitorId }: RunRequest,
  body: CreateEvalRunRequest,
): Promise<EvalRunResponse> {
  const metrics = resolveTraceMetrics(body.metrics);
  const model = resolveJudge(judges, body.model, metrics);
  const filters = body.filters ?? {};
  return inTransaction(db, (transaction) =>
    startRun(
      transaction,
      {
        project_id: projectId,
        name: body.name ?? null,
        metric_names: metrics.map((metric) => metric.name),
        filters: toJson(filters),
        sampling_rate: body.sampling_rate,
        model,
        thresholds: toJson(body.thresholds ?? {}),
        monitor_id: monitorId ?? null,
      },
      async (run) => {
        const { matching, sampled } = await addMatchingTraces(transaction, run, filters, body.sampling_rate);
        if (matching === 0) {
          throw new ProblemError(
            "nothing_matches",
            "No trace of this project matches the filters, so there is nothing to evaluate.",
          );
        }
        return sampled;
      },
    ),
  );
}

/** Makes a run over exactly these traces. */
export async function createTraceRunBatch(
  { db, judges, projectId, monitorId }: RunRequest,
  body: CreateBatchEvalRunRequest,
): Promise<EvalRunResponse> {
  const metrics = resolveTraceMetrics(body.metrics);
  const model = resolveJudge(judges, body.model, metrics);
  const traceIds = [...new Set(body.trace_ids)];
  return inTransaction(db, (transaction) =>
    startRun(
      transaction,
      {
        project_id: projectId,
        name: body.name ?? null,
        metric_names: metrics.map((metric) => metric.name),
        filters: toJson({ trace_ids: traceIds }),
        sampling_rate: 1,
        model,
        thresholds: toJson(body.thresholds ?? {}),
        monitor_id: monitorId ?? null,
      },
      (run) => addTraces(transaction, run, traceIds),
    ),
  );
}
