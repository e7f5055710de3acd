import type { EvalRunResponse, SessionScoreResponse, TraceScoreResponse } from "@pandaprobe/contract";
import type { ApiClient } from "./api-client.ts";
import type { RecordedRequest } from "./llm-server.ts";
import { createRun, endedRun } from "./run-helpers.ts";
import { storeTraces } from "./traces.ts";

/** The fields of a session's trace that tests set. */
export type Turn = Readonly<Record<string, unknown>>;

/** Stores a session of these traces, each a second after the one before, and returns their ids. */
export async function storeSession(
  api: ApiClient,
  sessionId: string,
  turns: readonly Turn[],
): Promise<string[]> {
  return storeTraces(
    api,
    turns.map((turn, n) => ({
      name: `turn ${n}`,
      input: `question ${n} of ${sessionId}`,
      output: `answer ${n} of ${sessionId}`,
      session_id: sessionId,
      started_at: new Date(Date.UTC(2026, 2, 1, 0, 0, n)).toISOString(),
      ...turn,
    })),
  );
}

export const bothMetrics = ["agent_reliability", "agent_consistency"];

/** Creates a session run with both metrics, and waits for its end. */
export async function evaluateSessions(
  api: ApiClient,
  body: object = {},
  timeoutMs?: number,
): Promise<EvalRunResponse> {
  const path = "session_ids" in body ? "session-runs/batch" : "session-runs";
  const run = await createRun(api, { metrics: bothMetrics, ...body }, path);
  return endedSessionRun(api, run.id, timeoutMs);
}

export function endedSessionRun(api: ApiClient, id: string, timeoutMs?: number): Promise<EvalRunResponse> {
  return endedRun(api, id, timeoutMs, "session-runs");
}

export async function sessionScores(api: ApiClient, runId: string): Promise<SessionScoreResponse[]> {
  return (await api.get<SessionScoreResponse[]>(`/evaluations/session-runs/${runId}/scores`)).body;
}

/** The signals of a run: its trace scores, at most 200 of them. */
export async function signalsOf(api: ApiClient, runId: string): Promise<TraceScoreResponse[]> {
  const path = `/evaluations/trace-scores?eval_run_id=${runId}&limit=200`;
  return (await api.get<{ items: TraceScoreResponse[] }>(path)).body.items;
}

/** The purpose of a call to the provider. */
export function askedSignal(
  request: RecordedRequest,
): "confidence" | "tool_correctness" | "tools of a trace" | "embedding" {
  if (request.path === "/embeddings") return "embedding";
  const system = request.body.messages.find(({ role }) => role === "system")?.content ?? "";
  if (system.includes("How confidently did the agent act")) return "confidence";
  return system.includes("Did the agent choose the right tools") ? "tool_correctness" : "tools of a trace";
}

/** Whether a call to the provider contains this text of a trace. */
export function shows(request: RecordedRequest, text: string): boolean {
  return JSON.stringify(request.body).includes(text);
}
