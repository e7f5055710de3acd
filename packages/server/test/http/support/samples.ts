import type { EvalRunResponse, TraceResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { expect } from "vitest";
import type { ApiClient } from "../../support/api-client.ts";
import type { RunsPath } from "../../support/run-helpers.ts";

/** An id that nothing has. */
export const unknownId = "11111111-1111-1111-1111-111111111111";

/** The least that makes a trace. */
export function traceBody(fields: object = {}): Record<string, unknown> {
  return { name: "answer a question", started_at: "2026-03-01T09:00:00Z", ...fields };
}

/** The least that makes a span. */
export function spanBody(fields: object = {}): Record<string, unknown> {
  return { name: "a step", started_at: "2026-03-01T09:00:01Z", ...fields };
}

/** @returns the id of the stored trace. */
export async function storeTrace(api: ApiClient, fields: object = {}): Promise<string> {
  const { status, body } = await api.post<{ trace_id: string }>("/traces", traceBody(fields));
  expect(status, JSON.stringify(body)).toBe(202);
  return body.trace_id;
}

/** @returns the ids of traces that are stored one after the other. */
export async function storeTraces(api: ApiClient, traces: readonly object[]): Promise<string[]> {
  const ids: string[] = [];
  for (const fields of traces) ids.push(await storeTrace(api, fields));
  return ids;
}

export async function readTrace(api: ApiClient, id: string): Promise<TraceResponse> {
  const { status, body } = await api.get<TraceResponse>(`/traces/${id}`);
  expect(status).toBe(200);
  return body;
}

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

export async function createRun(
  api: ApiClient,
  fields: object = {},
  path: RunsPath = "trace-runs",
): Promise<EvalRunResponse> {
  const { status, body } = await api.post<EvalRunResponse>(`/evaluations/${path}`, {
    metrics: ["coherence"],
    ...fields,
  });
  expect(status, JSON.stringify(body)).toBe(202);
  return body;
}
