import type { TraceAccepted, TraceCreate, TraceResponse } from "@pandaprobe/contract";
import fc from "fast-check";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { trials } from "../support/nightly.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const started_at = "2026-03-01T09:00:00.000Z";
const nullable = ["session_id", "user_id", "ended_at", "release", "environment"] as const;

async function post(api: ApiClient, trace: Partial<TraceCreate>): Promise<TraceAccepted> {
  const { status, body } = await api.post<TraceAccepted>("/traces", { name: "a", started_at, ...trace });
  expect(status, JSON.stringify(body)).toBe(202);
  return body;
}

const read = async (api: ApiClient, id: string) => (await api.get<TraceResponse>(`/traces/${id}`)).body;

/** What a trace must be after these POSTs. */
function expected(posts: readonly Partial<TraceCreate>[]) {
  const metadata = Object.fromEntries(posts.flatMap((trace) => Object.entries(trace.metadata ?? {})));
  const tags = [...new Set(posts.flatMap((trace) => trace.tags ?? []))];
  const last = (field: (typeof nullable)[number]) =>
    posts.map((trace) => trace[field]).findLast((value) => value != null) ?? null;
  return { metadata, tags, ...Object.fromEntries(nullable.map((field) => [field, last(field)])) };
}

const key = fc.constantFrom("a", "b", "__proto__", "constructor", 'quo"te', "ключ", "1");
const value = fc.oneof(fc.integer(), fc.constantFrom("text", null, { nested: [1] }, [], true));
const sentTrace: fc.Arbitrary<Partial<TraceCreate>> = fc.record(
  {
    metadata: fc.dictionary(key, value, { noNullPrototype: true }),
    tags: fc.uniqueArray(fc.constantFrom("x", "y", "z", 'q"', "")),
    session_id: fc.constantFrom("s", "t", null),
    user_id: fc.constantFrom("u", null),
    ended_at: fc.constantFrom("2026-03-01T09:00:01.000Z", null),
    release: fc.constantFrom("r", null),
    environment: fc.constantFrom("e", null),
  },
  { requiredKeys: [] },
);

describe("POSTs of the same trace", () => {
  test("add up in order, one by one or in a batch, and repeating the last changes nothing", async () => {
    const api = server.project();
    await fc.assert(
      fc.asyncProperty(fc.array(sentTrace, { minLength: 1, maxLength: 4 }), async (posts) => {
        const [single, batch] = [uuidv7(), uuidv7()];
        for (const trace of posts) await post(api, { ...trace, trace_id: single });
        const stored = await read(api, single);
        expect(stored).toMatchObject(expected(posts));
        expect(Object.keys(stored.metadata).sort()).toEqual(Object.keys(expected(posts).metadata).sort());
        await post(api, { ...posts.at(-1), trace_id: single });
        expect(await read(api, single)).toEqual(stored);
        const traces = posts.map((trace) => ({ name: "a", started_at, ...trace, trace_id: batch }));
        await api.post("/traces/batch", { traces });
        expect(await read(api, batch)).toEqual({ ...stored, trace_id: batch });
      }),
      trials(12, 300),
    );
  });

  test("lose nothing when they arrive at once", async () => {
    const api = server.project();
    const trace_id = uuidv7();
    const keys = Array.from({ length: 10 }, (_, n) => `k${n}`);
    await Promise.all(keys.map((name) => post(api, { trace_id, metadata: { [name]: 1 }, tags: [name] })));
    const stored = await read(api, trace_id);
    expect(Object.keys(stored.metadata).sort()).toEqual(keys);
    expect([...stored.tags].sort()).toEqual(keys);
  });

  test("stay within the limits of a trace, with warnings", async () => {
    const api = server.project();
    const tags = Array.from({ length: 100 }, (_, n) => `t${n}`);
    const { trace_id } = await post(api, { tags, metadata: { first: "x".repeat(900_000) } });
    const { warnings } = await post(api, {
      trace_id,
      tags: ["t5", "one more"],
      metadata: { second: "y".repeat(900_000) },
    });
    expect(warnings).toEqual([expect.stringMatching(/^tags: .* 1 more were dropped\.$/)]);
    const stored = await read(api, trace_id);
    expect(stored.tags).toEqual(tags);
    expect(Object.keys(stored.metadata)).toEqual(["first", "second"]);
    expect(JSON.stringify(stored.metadata).length).toBeLessThanOrEqual(1_000_000);
    expectProblem(
      await api.patch(`/traces/${trace_id}`, { metadata: { third: "z".repeat(900_000) } }),
      "validation_error",
      {
        loc: ["body", "metadata"],
      },
    );
    expect(await read(api, trace_id)).toEqual(stored);
  });

  test("merge the metadata of spans", async () => {
    const api = server.project();
    const span = { span_id: uuidv7(), name: "s", started_at };
    const { trace_id } = await post(api, { spans: [{ ...span, metadata: { a: 1, b: 1 } }] });
    await post(api, {
      trace_id,
      spans: [
        { ...span, metadata: { b: 2 } },
        { ...span, metadata: { c: 3 } },
      ],
    });
    expect((await read(api, trace_id)).spans[0]?.metadata).toEqual({ a: 1, b: 2, c: 3 });
    const path = `/traces/${trace_id}/spans/${span.span_id}`;
    expect((await api.patch(path, { metadata: { a: null } })).body).toMatchObject({
      metadata: { a: null, b: 2, c: 3 },
    });
    const large = { metadata: { d: "x".repeat(999_990) } };
    expectProblem(await api.patch(path, large), "validation_error", { loc: ["body", "metadata"] });
  });
});

test("PATCH adds metadata, and null clears", async () => {
  const api = server.project();
  const fields = { session_id: "s", user_id: "u", ended_at: started_at, release: "r", environment: "e" };
  const { trace_id } = await post(api, { ...fields, metadata: { a: 1, b: 1 } });
  const nulls = Object.fromEntries(nullable.map((field) => [field, null]));
  const { body } = await api.patch<TraceResponse>(`/traces/${trace_id}`, {
    ...nulls,
    metadata: { b: 2, c: 3 },
  });
  expect(body).toMatchObject({ ...nulls, metadata: { a: 1, b: 2, c: 3 } });
});
