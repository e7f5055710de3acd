import type { EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import type { ApiClient } from "./api-client.ts";
import { waitUntil } from "./wait-until.ts";

/** Stores `count` small traces and returns their ids. */
export async function storeTraces(api: ApiClient, count: number, fields: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { body } = await api.post<{ trace_id: string }>("/traces", {
      name: `trace ${n}`,
      input: `What is ${n} plus ${n}?`,
      output: `It is ${2 * n}.`,
      started_at: new Date(Date.UTC(2026, 2, 1, 0, 0, n)).toISOString(),
      ...fields,
    });
    ids.push(body.trace_id);
  }
  return ids;
}

/** The path of one kind of runs, below `/evaluations`. */
export type RunsPath = "trace-runs" | "session-runs";

export async function createRun(
  api: ApiClient,
  body: object,
  path: RunsPath | "session-runs/batch" = "trace-runs",
): Promise<EvalRunResponse> {
  const answer = await api.post<EvalRunResponse>(`/evaluations/${path}`, body);
  if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

export async function getRun(
  api: ApiClient,
  id: string,
  path: RunsPath = "trace-runs",
): Promise<EvalRunResponse> {
  return (await api.get<EvalRunResponse>(`/evaluations/${path}/${id}`)).body;
}

/** Waits until the run has ended, and returns it. */
export async function endedRun(
  api: ApiClient,
  id: string,
  timeoutMs?: number,
  path?: RunsPath,
): Promise<EvalRunResponse> {
  return waitUntil(async () => {
    const run = await getRun(api, id, path);
    return (run.status === "COMPLETED" || run.status === "FAILED") && run;
  }, timeoutMs);
}

export async function runScores(api: ApiClient, id: string): Promise<TraceScoreResponse[]> {
  return (await api.get<TraceScoreResponse[]>(`/evaluations/trace-runs/${id}/scores`)).body;
}

/** The items that have scores, each as text with its trace and metric, sorted. */
export function pairs(scores: readonly TraceScoreResponse[]): string[] {
  return scores.map((score) => `${score.trace_id} ${score.name}`).sort();
}
