import type { BatchCreateResponse, TraceResponse } from "@pandaprobe/contract";
import { expect } from "vitest";
import type { ApiClient } from "./api-client.ts";

/** The smallest valid trace. */
export function traceBody(fields: object = {}): Record<string, unknown> {
  return { name: "answer a question", started_at: "2026-03-01T09:00:00Z", ...fields };
}

/** The smallest valid span. */
export function spanBody(fields: object = {}): Record<string, unknown> {
  return { name: "a step", started_at: "2026-03-01T09:00:01Z", ...fields };
}

/** @returns the id of the stored trace. */
export async function storeTrace(api: ApiClient, fields: object = {}): Promise<string> {
  const { status, body } = await api.post<{ trace_id: string }>("/traces", traceBody(fields));
  expect(status, JSON.stringify(body)).toBe(202);
  return body.trace_id;
}

/**
 * Stores traces one after the other, or more than ten in batches, and returns their ids.
 *
 * @param traces the fields of each trace, or how many traces with different questions, a second apart.
 * @param common fields of all of them.
 */
export async function storeTraces(
  api: ApiClient,
  traces: readonly object[] | number,
  common: object = {},
): Promise<string[]> {
  const fields = typeof traces === "number" ? Array.from({ length: traces }, numberedTrace) : traces;
  const bodies = fields.map((each) => ({ ...each, ...common }));
  const ids: string[] = [];
  if (bodies.length <= 10) {
    for (const body of bodies) ids.push(await storeTrace(api, body));
    return ids;
  }
  for (let start = 0; start < bodies.length; start += 100) {
    const batch = bodies.slice(start, start + 100).map(traceBody);
    const { body } = await api.post<BatchCreateResponse>("/traces/batch", { traces: batch });
    expect(body, JSON.stringify(body)).toMatchObject({ accepted: batch.length, rejected: 0 });
    ids.push(...body.items.flatMap(({ trace_id }) => trace_id ?? []));
  }
  return ids;
}

function numberedTrace(_: unknown, n: number): object {
  return {
    name: `trace ${n}`,
    input: `What is ${n} plus ${n}?`,
    output: `It is ${2 * n}.`,
    started_at: new Date(Date.UTC(2026, 2, 1, 0, 0, n)).toISOString(),
  };
}

export async function readTrace(api: ApiClient, id: string): Promise<TraceResponse> {
  const { status, body } = await api.get<TraceResponse>(`/traces/${id}`);
  expect(status).toBe(200);
  return body;
}
