import type { EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { expect } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { waitUntil } from "./wait-until.ts";

/** The path of one kind of runs, below `/evaluations`. */
export type RunsPath = "trace-runs" | "session-runs";

/** @param fields those of the run. Default: all traces, by coherence. */
export async function createRun(
  api: ApiClient,
  fields: object = {},
  path: RunsPath | "session-runs/batch" = "trace-runs",
): Promise<EvalRunResponse> {
  const { status, body } = await api.post<EvalRunResponse>(`/evaluations/${path}`, {
    metrics: ["coherence"],
    ...fields,
  });
  expect(status, JSON.stringify(body)).toBe(202);
  return body;
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
  path: RunsPath = "trace-runs",
): Promise<EvalRunResponse> {
  return waitUntil(async () => {
    // The answer comes with the next change, so no polls keep the processor busy.
    const { body: run } = await api.get<EvalRunResponse>(`/evaluations/${path}/${id}`, { prefer: "wait=5" });
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
