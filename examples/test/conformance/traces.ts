import type { TraceCreate } from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { storeTrace, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour } from "./side.ts";

const span = { name: "a step", started_at: "2026-03-01T09:00:01Z" };

export const traces: readonly Behaviour[] = [
  {
    name: "stores a trace with its spans, and returns it with defaults and totals",
    async check(side) {
      const client = side.client();
      const id = await storeTrace(client, {
        ended_at: "2026-03-01T10:00:02+01:00",
        spans: [
          {
            ...span,
            kind: "LLM",
            model: "gpt-5.4",
            ended_at: "2026-03-01T09:00:02.500Z",
            completion_start_time: "2026-03-01T09:00:01.250Z",
            token_usage: { prompt_tokens: 12, completion_tokens: 30, total_tokens: 999 },
            cost: { input: 0.25, output: 0.5 },
          },
          { ...span, name: "before", started_at: "2026-03-01T09:00:00.5Z", token_usage: { total_tokens: 8 } },
        ],
      });
      const trace = await client.getTrace(id);
      expect(trace).toMatchObject({
        trace_id: id,
        status: "COMPLETED",
        metadata: {},
        tags: [],
        session_id: null,
        started_at: "2026-03-01T09:00:00.000Z",
        ended_at: "2026-03-01T09:00:02.000Z",
        total_tokens: 50,
        total_cost: 0.75,
      });
      expect(trace.spans).toMatchObject([
        { name: "before", kind: "OTHER", status: "UNSET", latency_ms: null, model: null },
        { name: "a step", kind: "LLM", latency_ms: 1500, time_to_first_token_ms: 250, trace_id: id },
      ]);
    },
  },
  {
    name: "orders spans by start in nanoseconds, then parents first, then by end, then by id",
    async check(side) {
      const client = side.client();
      const id = (digit: string) => `00000000-0000-0000-0000-00000000000${digit}`;
      const at = (fraction: string) => `2026-03-01T09:00:01.${fraction}Z`;
      const spanAt = (name: string, fraction: string, parent: string | null, end: string) => ({
        name,
        span_id: id(name),
        parent_span_id: parent === null ? null : id(parent),
        started_at: at(fraction),
        ended_at: at(end),
      });
      const spans = [
        spanAt("6", "5000000011", "2", "9"),
        spanAt("5", "500000001", "2", "9"),
        spanAt("4", "500000001", "2", "6"),
        spanAt("1", "5", "2", "6"),
        spanAt("2", "5", "3", "9"),
        spanAt("3", "5", null, "9"),
      ];
      const trace = await storeTrace(client, { spans });
      await client.updateSpan(trace, id("4"), { name: "renamed" });
      const read = await client.getTrace(trace);
      const ordered = ["3", "2", "1", "4", "5", "6"].map(id);
      expect(read.spans.map(({ span_id }) => span_id)).toEqual(ordered);
      expect(read.spans[4]?.started_at).toBe(at("500"));
      const listed: string[] = [];
      let cursor: string | null | undefined;
      while (cursor !== null) {
        const page = await client.listSpans(trace, { limit: 2, ...(cursor && { cursor }) });
        listed.push(...page.items.map(({ span_id }) => span_id));
        cursor = page.next_cursor;
      }
      expect(listed).toEqual(ordered);
    },
  },
  {
    name: "truncates large fields, drops surplus tags, and warns about both",
    async check(side) {
      const client = side.client();
      const metadata = { user: "42", page: "x".repeat(1_000_001) };
      const tags = Array.from({ length: 101 }, (_, n) => `tag ${n}`);
      const stored = await client.createTrace({
        name: "large",
        started_at: "2026-03-01",
        metadata,
        tags,
        spans: [{ ...span, error: "e".repeat(100_001) }],
      });
      expect(stored.warnings).toHaveLength(2);
      const added = await client.createSpans(stored.trace_id, [{ ...span, metadata }]);
      expect(added.warnings).toEqual([expect.stringMatching(/^0\.metadata: /)]);
      const batch = await client.createTraceBatch({
        traces: [{ name: "large", started_at: "2026-03-01", metadata }],
      });
      expect(batch.items[0]?.warnings).toHaveLength(1);
      const trace = await client.getTrace(stored.trace_id);
      expect(trace.tags).toEqual(tags.slice(0, 100));
      expect(trace.metadata).toMatchObject({ user: "42", page: expect.stringMatching(/^x+… \[cut: /) });
      expect(trace.spans[0]?.error).toMatch(/^e+… \[cut: 100001 characters in all\]$/);
      await expectRefusal(
        client.tagTraces({ trace_ids: [stored.trace_id], add_tags: ["one more"] }),
        422,
        "validation_error",
      );
      await expectRefusal(client.updateTrace(stored.trace_id, { metadata }), 422, "validation_error");
    },
  },
  {
    name: "says which traces of a batch are new",
    async check(side) {
      const client = side.client();
      const known = await storeTrace(client, {});
      const trace = { name: "t", started_at: "2026-03-01" };
      const twice = { ...trace, trace_id: known.replace(/.$/, (last) => (last === "0" ? "1" : "0")) };
      const traces = [trace, { ...trace, trace_id: known }, twice, twice, {}] as TraceCreate[];
      const { items } = await client.createTraceBatch({ traces });
      expect(items.map(({ created }) => created)).toEqual([true, false, true, true, undefined]);
    },
  },
  {
    name: "lists the spans of a trace a page at a time",
    async check(side) {
      const client = side.client();
      const spans = [3, 1, 2, 1, 5].map((second) => ({
        ...span,
        started_at: `2026-03-01T09:00:0${second}Z`,
      }));
      const id = await storeTrace(client, { spans });
      const first = await client.listSpans(id, { limit: 3 });
      const second = await client.listSpans(id, { limit: 3, cursor: first.next_cursor ?? undefined });
      expect(second.next_cursor).toBeNull();
      expect([...first.items, ...second.items]).toEqual((await client.getTrace(id)).spans);
      await expectRefusal(client.listSpans(unknownId), 404, "not_found");
      await expectRefusal(client.listSpans(id, { cursor: unknownId }), 404, "not_found");
    },
  },
  {
    name: "changes only the sent fields of an existing trace, and merges spans by their ids",
    async check(side) {
      const client = side.client();
      const span_id = unknownId;
      const id = await storeTrace(client, {
        tags: ["a"],
        user_id: "u",
        status: "RUNNING",
        spans: [{ ...span, span_id, model: "m", kind: "TOOL" }],
      });
      await client.createTrace({
        trace_id: id.toUpperCase(),
        name: "renamed",
        started_at: "2026-03-02",
        user_id: null,
        spans: [
          { ...span, span_id, name: "step", output: { a: 1 } },
          { ...span, name: "new" },
        ],
      });
      const trace = await client.getTrace(id);
      expect(trace).toMatchObject({ name: "renamed", tags: ["a"], user_id: "u", status: "RUNNING" });
      expect(trace.spans).toHaveLength(2);
      expect(trace.spans).toContainEqual(
        expect.objectContaining({ span_id, name: "step", model: "m", kind: "TOOL", output: { a: 1 } }),
      );
    },
  },
  {
    name: "merges metadata and tags, and clears fields by PATCH only",
    async check(side) {
      const client = side.client();
      const span_id = unknownId;
      const id = await storeTrace(client, {
        session_id: "s",
        release: "r",
        tags: ["a", "b"],
        metadata: { a: 1, b: 1 },
        spans: [{ ...span, span_id, metadata: { a: 1 } }],
      });
      const again = { trace_id: id, name: "again", started_at: "2026-03-02" };
      await client.createTraceBatch({
        traces: [
          { ...again, session_id: null, release: null, tags: ["c", "b"], metadata: { b: 2 } },
          { ...again, metadata: { c: 3 }, spans: [{ ...span, span_id, metadata: { b: 2 } }] },
        ],
      });
      const trace = await client.getTrace(id);
      expect(trace).toMatchObject({
        session_id: "s",
        release: "r",
        tags: ["a", "b", "c"],
        metadata: { a: 1, b: 2, c: 3 },
        spans: [{ metadata: { a: 1, b: 2 } }],
      });
      expect(await client.updateTrace(id, { session_id: null, metadata: { d: 4 } })).toMatchObject({
        session_id: null,
        metadata: { a: 1, b: 2, c: 3, d: 4 },
      });
      expect(await client.updateSpan(id, span_id, { metadata: { a: null } })).toMatchObject({
        metadata: { a: null, b: 2 },
      });
      const tags = Array.from({ length: 98 }, (_, n) => `tag ${n}`);
      const { warnings } = await client.createTrace({ ...again, tags });
      expect(warnings).toEqual(["tags: the trace has 100 tags, and 1 more were dropped."]);
      const large = { metadata: { e: "x".repeat(999_980) } };
      await expectRefusal(client.updateTrace(id, large), 422, "validation_error");
      await expectRefusal(client.updateSpan(id, span_id, large), 422, "validation_error");
    },
  },
  {
    name: "updates a trace and its spans: null clears nullable fields and is ignored elsewhere",
    async check(side) {
      const client = side.client();
      const id = await storeTrace(client, { session_id: "s", tags: ["a"] });
      expect(
        await client.updateTrace(id, {
          session_id: null,
          tags: null,
          name: null,
          status: "ERROR",
          output: 1,
        }),
      ).toMatchObject({ session_id: null, tags: ["a"], name: "trace 0", status: "ERROR", output: 1 });
      expect(await client.updateTrace(id, {})).toMatchObject({ status: "ERROR" });
      const { span_ids } = await client.createSpans(id, [span, { ...span, name: "second", error: "e" }]);
      expect(span_ids).toHaveLength(2);
      const [, second = ""] = span_ids;
      expect(await client.updateSpan(id, second, { error: null, kind: null, status: "OK" })).toMatchObject({
        span_id: second,
        name: "second",
        error: null,
        kind: "OTHER",
        status: "OK",
      });
      await expectRefusal(client.updateTrace(unknownId, { name: "a" }), 404, "not_found");
      await expectRefusal(client.createSpans(unknownId, [span]), 404, "not_found");
      await expectRefusal(client.updateSpan(id, unknownId, { name: "a" }), 404, "not_found");
    },
  },
  {
    name: "lists traces by all given filters, in pages, in the requested order",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(
        client,
        { name: "Book a Hotel", tags: ["a", "b"], user_id: "u", ended_at: "2026-03-01T09:00:09Z" },
        { name: "book a 50% train", tags: ["b"], session_id: "s", status: "ERROR" },
        { name: "other", environment: "prod", release: "v1", ended_at: "2026-03-01T09:02:01Z" },
      );
      const listed = async (query: Parameters<typeof client.listTraces>[0]) =>
        (await client.listTraces(query)).items.map(({ trace_id }) => ids.indexOf(trace_id));
      expect(await listed({})).toEqual([2, 1, 0]);
      expect(await listed({ name: "BOOK" })).toEqual([1, 0]);
      expect(await listed({ name: "0%" })).toEqual([1]);
      expect(await listed({ tags: ["a", "x"] })).toEqual([0]);
      expect(await listed({ tags: ["b"], user_id: "u" })).toEqual([0]);
      expect(await listed({ status: "ERROR", session_id: "s" })).toEqual([1]);
      expect(await listed({ environment: "prod", release: "v1" })).toEqual([2]);
      expect(
        await listed({ started_after: "2026-03-01T09:01:00Z", started_before: "2026-03-01T09:02Z" }),
      ).toEqual([1]);
      expect(await listed({ sort_by: "name", sort_order: "asc", tags: ["b"] })).toHaveLength(2);
      expect(await listed({ sort_by: "latency", sort_order: "desc" })).toEqual([0, 2, 1]);
      expect(await listed({ sort_by: "ended_at", sort_order: "asc" })).toEqual([0, 2, 1]);
      expect(await client.listTraces({ limit: 2, offset: 2 })).toMatchObject({
        items: [{ trace_id: ids[0], latency_ms: 9000, span_count: 0, total_tokens: 0 }],
        total: 3,
        limit: 2,
        offset: 2,
      });
    },
  },
  {
    name: "deletes a trace with its scores",
    async check(side) {
      const client = side.client();
      const id = await storeTrace(client);
      const score = await client.createTraceScore({ trace_id: id, name: "quality", value: "1" });
      await client.deleteTrace(id);
      await expectRefusal(client.getTrace(id), 404, "not_found");
      await expectRefusal(client.deleteTrace(id), 404, "not_found");
      await expectRefusal(client.updateTraceScore(score.id, { value: "0" }), 404, "not_found");
      expect(await client.getTraceScores(id)).toEqual([]);
    },
  },
  {
    name: "stores the valid traces of a batch, and says why others are not",
    async check(side) {
      const client = side.client();
      const started_at = "2026-03-01T09:00:00Z";
      const answer = await client.createTraceBatch({
        traces: [
          { name: "a", started_at },
          { trace_id: unknownId, name: "", started_at: "yesterday" },
          { trace_id: unknownId, name: "b", started_at },
        ],
      });
      expect(answer).toMatchObject({ accepted: 2, rejected: 1 });
      expect(answer.items.map(({ index, status, trace_id }) => [index, status, trace_id])).toEqual([
        [0, "accepted", expect.any(String)],
        [1, "rejected", unknownId],
        [2, "accepted", unknownId],
      ]);
      expect(answer.items[1]?.error).toMatchObject({
        code: "validation_error",
        errors: expect.arrayContaining([
          expect.objectContaining({ loc: ["body", "traces", 1, "started_at"] }),
        ]),
      });
      expect((await client.listTraces()).total).toBe(2);
    },
  },
  {
    name: "tags and deletes many traces, and skips unknown ones",
    async check(side) {
      const client = side.client();
      const ids = await storeTraces(client, { tags: ["a", "b"] }, { tags: ["c"] });
      const trace_ids = [...ids, ...ids, unknownId];
      expect(await client.tagTraces({ trace_ids, add_tags: ["x", "a"], remove_tags: ["b", "x"] })).toEqual({
        updated: 2,
      });
      expect(await client.tagTraces({ trace_ids, add_tags: [], remove_tags: [] })).toEqual({ updated: 0 });
      const tags = await Promise.all(ids.map(async (id) => (await client.getTrace(id)).tags));
      expect(tags).toEqual([
        ["a", "x"],
        ["c", "x", "a"],
      ]);
      expect(await client.deleteTraces({ trace_ids })).toEqual({ deleted: 2 });
      expect((await client.listTraces()).items).toEqual([]);
    },
  },
  {
    name: "summarizes traces by hour, day and week, by user, and by model",
    async check(side) {
      const client = side.client();
      const llm = {
        ...span,
        model: "m",
        token_usage: { input_tokens: 3, output_tokens: 4 },
        cost: { total: 0.5 },
      };
      await storeTraces(
        client,
        {
          started_at: "2026-03-01T09:00:00Z",
          ended_at: "2026-03-01T09:00:01Z",
          user_id: "u",
          spans: [llm, llm],
        },
        {
          started_at: "2026-03-01T09:30:00Z",
          ended_at: "2026-03-01T09:30:04Z",
          status: "ERROR",
          user_id: "v",
        },
        { started_at: "2026-03-02T10:00:00Z", user_id: "u", spans: [{ ...llm, model: "n" }] },
      );
      const period = { started_after: "2026-03-01", started_before: "2026-04-01" };
      expect(await client.getTraceAnalytics({ ...period, granularity: "day" })).toEqual([
        {
          bucket: "2026-03-01T00:00:00.000Z",
          trace_count: 2,
          error_count: 1,
          avg_latency_ms: 2500,
          p50_latency_ms: 2500,
          p90_latency_ms: 3700,
          p99_latency_ms: 3970,
        },
        {
          bucket: "2026-03-02T00:00:00.000Z",
          trace_count: 1,
          error_count: 0,
          avg_latency_ms: null,
          p50_latency_ms: null,
          p90_latency_ms: null,
          p99_latency_ms: null,
        },
      ]);
      expect(await client.getTraceAnalytics({ ...period, granularity: "week", metric: "tokens" })).toEqual([
        {
          bucket: "2026-02-23T00:00:00.000Z",
          total_tokens: 14,
          prompt_tokens: 6,
          completion_tokens: 8,
          total_cost: 1,
          unpriced_spans: 0,
        },
        {
          bucket: "2026-03-02T00:00:00.000Z",
          total_tokens: 7,
          prompt_tokens: 3,
          completion_tokens: 4,
          total_cost: 0.5,
          unpriced_spans: 0,
        },
      ]);
      expect(await client.getTraceAnalytics({ ...period, metric: "models" })).toEqual([
        { model: "m", call_count: 2, total_tokens: 14, total_cost: 1, unpriced_spans: 0 },
        { model: "n", call_count: 1, total_tokens: 7, total_cost: 0.5, unpriced_spans: 0 },
      ]);
      expect((await client.listTraceUsers()).items).toEqual([
        {
          user_id: "u",
          trace_count: 2,
          first_seen: "2026-03-01T09:00:00.000Z",
          last_seen: "2026-03-02T10:00:00.000Z",
          error_count: 0,
        },
        {
          user_id: "v",
          trace_count: 1,
          first_seen: "2026-03-01T09:30:00.000Z",
          last_seen: "2026-03-01T09:30:00.000Z",
          error_count: 1,
        },
      ]);
      const crossed = client.getTraceAnalytics({ started_after: "2026-03-02", started_before: "2026-03-01" });
      await expectRefusal(crossed, 400, "invalid_date_range", ["query", "started_after"]);
    },
  },
];
