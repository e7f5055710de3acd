import type {
  MonitorResponse,
  SessionScoreResponse,
  SpanScoreResponse,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import { expect } from "vitest";
import type { ApiClient } from "../../support/api-client.ts";
import type { databaseBehind } from "./database-behind.ts";

/** An id that nothing has. */
export const unknownId = "11111111-1111-1111-1111-111111111111";

export async function createScore(
  api: ApiClient,
  traceId: string,
  fields: object = {},
): Promise<TraceScoreResponse> {
  const { status, body } = await api.post<TraceScoreResponse>("/evaluations/trace-scores", {
    trace_id: traceId,
    name: "quality",
    value: "0.9",
    ...fields,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

export async function createSessionScore(
  api: ApiClient,
  sessionId: string,
  fields: object = {},
): Promise<SessionScoreResponse> {
  const { status, body } = await api.post<SessionScoreResponse>("/evaluations/session-scores", {
    session_id: sessionId,
    name: "quality",
    value: "0.9",
    ...fields,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

export async function createSpanScore(
  api: ApiClient,
  traceId: string,
  spanId: string,
  fields: object = {},
): Promise<SpanScoreResponse> {
  const { status, body } = await api.post<SpanScoreResponse>("/evaluations/span-scores", {
    trace_id: traceId,
    span_id: spanId,
    name: "right_tool",
    value: "0.9",
    ...fields,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

/** A session's score, as a run would have made it. */
export async function storeSessionScore(
  database: ReturnType<typeof databaseBehind>,
  fields: Partial<SessionScoreResponse> & { project_id: string },
): Promise<SessionScoreResponse> {
  const time = new Date().toISOString();
  const score: SessionScoreResponse = {
    id: crypto.randomUUID(),
    session_id: "a session",
    name: "agent_reliability",
    data_type: "NUMERIC",
    value: "0.75",
    source: "AUTOMATED",
    status: "SUCCESS",
    eval_run_id: null,
    author_user_id: null,
    judged: null,
    stale: false,
    reason: "as good as it gets",
    metadata: { signals: { confidence: 0.5 } },
    created_at: time,
    updated_at: time,
    ...fields,
  };
  await database.run(
    `insert into session_scores (project_id, id, session_id, name, data_type, value, numeric_value, source, status,
      eval_run_id, author_user_id, reason, metadata, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      score.project_id,
      score.id,
      score.session_id,
      score.name,
      score.data_type,
      score.value,
      score.value === null ? null : Number(score.value),
      score.source,
      score.status,
      score.eval_run_id,
      score.author_user_id,
      score.reason,
      JSON.stringify(score.metadata),
      score.created_at,
      score.updated_at,
    ],
  );
  return score;
}

/** The smallest valid monitor. */
export function monitorBody(fields: object = {}): Record<string, unknown> {
  return { name: "nightly", target_type: "TRACE", metrics: ["coherence"], cadence: "daily", ...fields };
}

export async function createMonitor(api: ApiClient, fields: object = {}): Promise<MonitorResponse> {
  const { status, body } = await api.post<MonitorResponse>("/evaluations/monitors", monitorBody(fields));
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}
