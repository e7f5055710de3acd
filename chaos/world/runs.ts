import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Trial } from "../scenario.ts";
import { until } from "../until.ts";
import type { Api } from "./api.ts";
import type { World } from "./world.ts";

/** Three questions for each trace, two of which come one after the other. */
export const metrics = ["task_completion", "confidence"];
export const questionsPerTrace = 3;

/** Stores so many traces, to be found by their tag. Texts are their own, so that no two questions are alike. */
export async function storeTraces(api: Api, tag: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    const traces = Array.from({ length: Math.min(100, count - from) }, (_, i) => ({
      name: `${tag} ${from + i}`,
      tags: [tag],
      input: `What is ${from + i} plus ${from + i}, asked for ${tag}?`,
      output: `It is ${2 * (from + i)}.`,
      started_at: new Date(Date.UTC(2026, 2, 1, 0, 0, from + i)).toISOString(),
    }));
    await api.post("/traces/batch", { traces }, 202);
  }
}

export function createRun(api: Api, tag: string, more: object = {}): Promise<EvalRunResponse> {
  return api.post("/evaluations/trace-runs", { metrics, filters: { tags: [tag] }, ...more }, 202);
}

/** The run, whatever happens to the API meanwhile; `undefined` where it does not answer right now. */
export async function lookAtRun(api: Api, id: string): Promise<EvalRunResponse | undefined> {
  const { status, body } = await api.get<EvalRunResponse>(`/evaluations/trace-runs/${id}`);
  return status === 200 ? body : undefined;
}

export interface EndedRunOptions {
  readonly timeoutMs?: number;
}

/** The run, once it has ended. */
export async function endedRun(
  trial: Trial,
  api: () => Api,
  id: string,
  { timeoutMs = 300_000 }: EndedRunOptions = {},
): Promise<EvalRunResponse> {
  return until(
    trial,
    `run ${id} ends`,
    async () => {
      const run = await lookAtRun(api(), id);
      return run !== undefined && (run.status === "COMPLETED" || run.status === "FAILED") && run;
    },
    { timeoutMs, everyMs: 100 },
  );
}

/** All runs there are, whether their maker heard of them or not. */
export async function allRuns({ database }: World): Promise<string[]> {
  const rows = await database.rows<{ id: string }>("select id from eval_runs order by id");
  return rows.map(({ id }) => id);
}

/** What is stored of a run, beside what its counters say. */
export interface StoredRun {
  readonly status: string;
  readonly total_targets: number;
  readonly evaluated_count: number;
  readonly failed_count: number;
  readonly scores: number;
  readonly pairs: number;
  readonly failed: number;
  readonly ended_targets: number;
  readonly pending_calls: number;
  readonly jobs: number;
}

export async function storedRun({ database }: World, id: string): Promise<StoredRun> {
  return database.row<StoredRun & Record<string, unknown>>(
    `select run.status, run.total_targets, run.evaluated_count, run.failed_count,
       (select count(*)::integer from trace_scores s where s.eval_run_id = run.id) as scores,
       (select count(distinct (trace_id, name))::integer from trace_scores s where s.eval_run_id = run.id) as pairs,
       (select count(*)::integer from trace_scores s where s.eval_run_id = run.id and s.status = 'FAILED') as failed,
       (select count(*)::integer from eval_run_targets t where t.run_id = run.id
          and cardinality(t.ended_metrics) = cardinality(coalesce(t.metric_names, run.metric_names))) as ended_targets,
       (select count(*)::integer from judge_calls c where c.run_id = run.id and c.status = 'PENDING') as pending_calls,
       (select count(*)::integer from graphile_worker._private_jobs job
          where job.payload ->> 'run_id' = run.id::text) as jobs
     from eval_runs run where run.id = $1`,
    [id],
  );
}

/** A run that has ended is whole: one score for each pair, and counters that count them. */
export async function checkWhole(trial: Trial, world: World, ids: readonly string[]): Promise<void> {
  let pairs = 0;
  const broken: string[] = [];
  for (const id of ids) {
    // A worker may not have written yet that its job is done.
    const run = await until(trial, `no job of run ${id} is left`, async () => {
      const stored = await storedRun(world, id);
      return stored.jobs === 0 && stored;
    });
    pairs += run.pairs;
    const isWhole =
      run.status === "COMPLETED" &&
      run.evaluated_count === run.total_targets &&
      run.ended_targets === run.total_targets &&
      run.scores === run.total_targets * metrics.length &&
      run.pairs === run.scores &&
      run.failed_count === run.failed &&
      run.pending_calls === 0;
    if (!isWhole) broken.push(JSON.stringify(run));
  }
  trial.check(
    "every run completes, with one score for each pair and counters that equal them",
    broken.length === 0,
    broken.length === 0 ? `${ids.length} runs, ${pairs} pairs` : broken.join("\n"),
  );
}

/** Why pairs of these runs failed. */
export async function failureReasons({ database }: World, ids: readonly string[]): Promise<string[]> {
  const rows = await database.rows<{ reason: string }>(
    "select reason from trace_scores where eval_run_id = any ($1::uuid[]) and status = 'FAILED'",
    [ids],
  );
  return rows.map(({ reason }) => reason);
}
