import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Trial } from "../scenario.ts";
import { until } from "../until.ts";
import type { Api } from "./api.ts";
import type { World } from "./world.ts";

/** They ask three questions per trace, two of them in sequence. */
export const metrics = ["task_completion", "confidence"];
export const questionsPerTrace = 3;

/** Stores traces with a tag. Their texts are unique, so that no two questions are the same. */
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

/** The run; `undefined` if the API does not answer right now. */
export async function readRun(api: Api, id: string): Promise<EvalRunResponse | undefined> {
  const { status, body } = await api.get<EvalRunResponse>(`/evaluations/trace-runs/${id}`);
  return status === 200 ? body : undefined;
}

export interface EndedRunOptions {
  readonly timeoutMs?: number;
}

/** Waits until a run has ended. */
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
      const run = await readRun(api(), id);
      return run !== undefined && (run.status === "COMPLETED" || run.status === "FAILED") && run;
    },
    { timeoutMs, everyMs: 100 },
  );
}

/** The counters of a run, and what they should equal. */
export interface StoredRun {
  readonly status: string;
  readonly total_targets: number;
  readonly evaluated_count: number;
  readonly failed_count: number;
  readonly scores: number;
  readonly items: number;
  readonly failed: number;
  readonly ended_targets: number;
  readonly pending_calls: number;
  readonly jobs: number;
}

async function storedRun({ database }: World, id: string): Promise<StoredRun> {
  return database.row<StoredRun & Record<string, unknown>>(
    `select run.status, run.total_targets, run.evaluated_count, run.failed_count,
       (select count(*)::integer from trace_scores s where s.eval_run_id = run.id) as scores,
       (select count(distinct (trace_id, name))::integer from trace_scores s where s.eval_run_id = run.id) as items,
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

/** Checks that ended runs are complete: one score per item, and matching counters. */
export async function checkComplete(trial: Trial, world: World, ids: readonly string[]): Promise<void> {
  let items = 0;
  const broken: string[] = [];
  for (const id of ids) {
    // A worker may not have recorded yet that its job is done.
    const run = await until(trial, `no job of run ${id} is left`, async () => {
      const stored = await storedRun(world, id);
      return stored.jobs === 0 && stored;
    });
    items += run.items;
    const isComplete =
      run.status === "COMPLETED" &&
      run.evaluated_count === run.total_targets &&
      run.ended_targets === run.total_targets &&
      run.scores === run.total_targets * metrics.length &&
      run.items === run.scores &&
      run.failed_count === run.failed &&
      run.pending_calls === 0;
    if (!isComplete) broken.push(JSON.stringify(run));
  }
  trial.check(
    "every run completes, with one score per item and matching counters",
    broken.length === 0,
    broken.length === 0 ? `${ids.length} runs, ${items} items` : broken.join("\n"),
  );
}

/** Checks that ended runs are complete, and that no item failed. @param events what happened meanwhile. */
export async function checkUnharmed(
  trial: Trial,
  world: World,
  ids: readonly string[],
  events: string,
): Promise<void> {
  await checkComplete(trial, world, ids);
  const reasons = await failureReasons(world, ids);
  trial.check("no item fails because of it", reasons.length === 0, `${reasons.length} failed, ${events}`);
}

/** The reasons of failed items in these runs. */
export async function failureReasons({ database }: World, ids: readonly string[]): Promise<string[]> {
  const rows = await database.rows<{ reason: string }>(
    "select reason from trace_scores where eval_run_id = any ($1::uuid[]) and status = 'FAILED'",
    [ids],
  );
  return rows.map(({ reason }) => reason);
}
