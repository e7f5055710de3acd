/** @module-tag slow */
import type { BatchCreateResponse, SessionDetail, SpanPage, TraceResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { readTrace, spanBody, storeTrace, traceBody } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);

/** Adds spans to a trace in the database. */
async function growBy(traceId: string, spans: number, bytes = 100): Promise<void> {
  await database.run(
    `insert into spans (project_id, trace_id, span_id, name, kind, status, input, output, metadata, started_at,
      total_tokens, total_cost, bytes, token_usage, model_parameters, cost)
    select project_id, trace_id, gen_random_uuid(), 'more', 'OTHER', 'UNSET', 'null', 'null', '{}', now(), 1, 0.5, $2,
      'null', 'null', 'null'
    from traces, generate_series(1, $3) where trace_id = $1`,
    [traceId, bytes, spans],
  );
}

async function pagesOf(api: ApiClient, traceId: string, limit: number): Promise<SpanPage[]> {
  const pages: SpanPage[] = [];
  for (let cursor = ""; ; cursor = `&cursor=${pages.at(-1)?.next_cursor}`) {
    const { status, body } = await api.get<SpanPage>(`/traces/${traceId}/spans?limit=${limit}${cursor}`);
    expect(status).toBe(200);
    pages.push(body);
    if (body.next_cursor === null) return pages;
  }
}

describe("a trace that is too large to be read at once", () => {
  const spans = Array.from({ length: 60 }, (_, n) =>
    spanBody({
      name: `${n}`,
      started_at: `2026-03-01T09:00:${String(59 - n).padStart(2, "0")}Z`,
      output: `"é👍`.repeat(10_000),
      token_usage: { total_tokens: n },
      cost: { total: 0.25 },
    }),
  );
  const inOrder = spans.map(({ name }) => name).toReversed();

  test("is returned whole and in order, when read and when changed", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans, input: "i".repeat(2_000_000), output: "Paris" });
    const trace = await readTrace(api, id);
    expect(trace).toMatchObject({ total_tokens: (59 * 60) / 2, total_cost: 15, output: "Paris" });
    expect(trace.spans.map(({ name }) => name)).toEqual(inOrder);
    expect(trace.spans.every(({ output }) => output === `"é👍`.repeat(10_000))).toBe(true);
    const changed = await api.patch<TraceResponse>(`/traces/${id}`, { name: "changed" });
    expect(changed.body).toEqual({ ...trace, name: "changed" });
  });

  test("is returned whole if an older server wrote its spans", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans });
    const before = await readTrace(api, id);
    await database.run("update spans set bytes = null where trace_id = $1", [id]);
    expect(await readTrace(api, id)).toEqual(before);
  });

  test("is in its place among small ones of its session", async () => {
    const api = server.project();
    const session = { session_id: "s" };
    for (const minute of [1, 2, 3, 4, 5]) {
      await storeTrace(api, {
        ...session,
        started_at: `2026-03-01T09:0${minute}:00Z`,
        name: `${minute}`,
        spans: minute === 1 || minute === 4 ? spans : [spanBody()],
      });
    }
    const { status, body } = await api.get<SessionDetail>("/sessions/s");
    expect(status).toBe(200);
    expect(body).toMatchObject({ trace_count: 5, total_span_count: 123 });
    expect(body.traces.map(({ name, spans: its }) => [name, its.length])).toEqual([
      ["1", 60],
      ["2", 1],
      ["3", 1],
      ["4", 60],
      ["5", 1],
    ]);
  });
});

describe("GET /traces/{trace_id}/spans", () => {
  test("returns each span once, in the order they started", async () => {
    const api = server.project();
    const id = await storeTrace(api, {
      spans: Array.from({ length: 25 }, (_, n) =>
        // Some start at the same time.
        spanBody({ name: `${n}`, started_at: `2026-03-01T09:00:0${9 - Math.floor(n / 5)}Z` }),
      ),
    });
    const { spans } = await readTrace(api, id);
    for (const limit of [1, 7, 25, 500]) {
      const pages = await pagesOf(api, id, limit);
      expect(pages.map(({ items }) => items.length).every((length) => length <= limit)).toBe(true);
      expect(pages.flatMap(({ items }) => items)).toEqual(spans);
    }
  });

  test("ends a page early if its spans are large", async () => {
    const api = server.project();
    const large = spanBody({ output: "x".repeat(3_000_000) });
    const id = await storeTrace(api, { spans: [large, large, large] });
    expect((await pagesOf(api, id, 100)).map(({ items }) => items.length)).toEqual([1, 1, 1]);
  });

  test("is empty for a trace without spans", async () => {
    const api = server.project();
    const { body } = await api.get(`/traces/${await storeTrace(api)}/spans`);
    expect(body).toEqual({ items: [], next_cursor: null });
  });

  test("refuses unknown traces and cursors", async () => {
    const api = server.project();
    const id = await storeTrace(api, { spans: [spanBody()] });
    const { spans } = await readTrace(api, await storeTrace(api, { spans: [spanBody()] }));
    const path = `/traces/${id}/spans`;
    expectProblem(await api.get(`/traces/${unknownId}/spans`), "not_found");
    expectProblem(await server.project().get(path), "not_found");
    expectProblem(await api.get(`${path}?cursor=${spans[0]?.span_id}`), "not_found");
    for (const query of ["cursor=x", "limit=0", "limit=501"]) {
      expectProblem(await api.get(`${path}?${query}`), "validation_error");
    }
  });
});

describe("a trace at its limits", () => {
  test("accepts no more spans, and says what to do", async () => {
    const api = server.project();
    const span_id = crypto.randomUUID();
    const id = await storeTrace(api, { spans: [spanBody({ span_id })] });
    await growBy(id, 19_998);
    expect((await api.post(`/traces/${id}/spans`, [spanBody()])).status).toBe(201);
    const refused = await api.post(`/traces/${id}/spans`, [spanBody()]);
    expectProblem(refused, "validation_error", { detail: /20000 spans.*another trace of the same session/ });
    expectProblem(
      await api.post("/traces", traceBody({ trace_id: id, spans: [spanBody()] })),
      "validation_error",
    );
    // Existing spans can be changed.
    const changed = { ...spanBody({ span_id }), name: "b" };
    expect((await api.post(`/traces/${id}/spans`, [changed])).status).toBe(201);
    expect((await api.patch(`/traces/${id}/spans/${span_id}`, { name: "a" })).status).toBe(200);
    expect((await readTrace(api, id)).spans).toHaveLength(20_000);
  });

  test("of bytes accepts no more spans and no larger ones, not even by a change", async () => {
    const api = server.project();
    const span_id = crypto.randomUUID();
    const id = await storeTrace(api, { spans: [spanBody({ span_id })] });
    await growBy(id, 50, 999_000);
    const large = { output: "x".repeat(100_000) };
    expectProblem(await api.post(`/traces/${id}/spans`, [spanBody(large)]), "validation_error", {
      detail: /50000000 bytes/,
    });
    expectProblem(await api.patch(`/traces/${id}/spans/${span_id}`, large), "validation_error");
    expect((await api.post(`/traces/${id}/spans`, [spanBody()])).status).toBe(201);
  });

  test.each([{}, { "idempotency-key": "a" }])(
    "is rejected in a batch without affecting the others",
    async (headers) => {
      const api = server.project();
      const id = await storeTrace(api);
      await growBy(id, 20_000);
      const traces = [
        traceBody({ name: "first" }),
        traceBody({ trace_id: id, name: "renamed", spans: [spanBody()] }),
        traceBody({ name: "last" }),
      ];
      const { status, body } = await api.post<BatchCreateResponse>("/traces/batch", { traces }, headers);
      expect(status).toBe(202);
      expect(body.items.map((item) => item.status)).toEqual(["accepted", "rejected", "accepted"]);
      expect(body.items[1]?.error).toMatchObject({
        code: "validation_error",
        errors: [{ loc: ["body", "traces", 1, "spans"] }],
      });
      const { body: list } = await api.get<{ items: { name: string }[] }>("/traces");
      expect(list.items.map(({ name }) => name).sort()).toEqual(["answer a question", "first", "last"]);
    },
  );

  test("is rejected in a batch even if it is new", async () => {
    const api = server.project();
    const trace_id = crypto.randomUUID();
    const spans = Array.from({ length: 500 }, () => ({ name: "s", started_at: "2026-03-01T00:00:00Z" }));
    const parts = Array.from({ length: 41 }, () => traceBody({ trace_id, spans }));
    const traces = [traceBody({ name: "small" }), ...parts];
    const { body } = await api.post<BatchCreateResponse>("/traces/batch", { traces });
    expect(body.items.map((item) => item.status)).toEqual(["accepted", ...parts.map(() => "rejected")]);
    expectProblem(await api.get(`/traces/${trace_id}`), "not_found");
    const fewer = await api.post<BatchCreateResponse>("/traces/batch", { traces: traces.slice(0, 41) });
    expect(fewer.body.items.every((item) => item.status === "accepted")).toBe(true);
  });

  test("can be read and changed if it is older than the limits", async () => {
    const api = server.project();
    const span_id = crypto.randomUUID();
    const id = await storeTrace(api, { spans: [spanBody({ span_id })] });
    await growBy(id, 25_000);
    await database.run("update spans set bytes = null where trace_id = $1", [id]);
    expect((await api.patch(`/traces/${id}/spans/${span_id}`, { status: "OK" })).status).toBe(200);
    expect((await api.patch<TraceResponse>(`/traces/${id}`, { status: "ERROR" })).body.spans).toHaveLength(
      25_001,
    );
  });
});
