import type { SessionDetail, SessionPage } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { spanBody, storeTrace, storeTraces } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { queryText } from "./support/query-text.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const minute = (n: number) => `2026-03-01T09:${String(n).padStart(2, "0")}:00.000Z`;

async function list(api: ApiClient, ...query: (readonly [string, string])[]): Promise<SessionPage> {
  const { status, body } = await api.get<SessionPage>(`/sessions?${queryText(query)}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function ids(api: ApiClient, ...query: (readonly [string, string])[]): Promise<string[]> {
  return (await list(api, ...query)).items.map(({ session_id }) => session_id);
}

async function detail(api: ApiClient, id: string, query = ""): Promise<SessionDetail> {
  const { status, body } = await api.get<SessionDetail>(`/sessions/${encodeURIComponent(id)}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

describe("a session", () => {
  test("is summed up over all its traces", async () => {
    const api = server.project();
    const span = spanBody({ token_usage: { total_tokens: 5 }, cost: { total: 0.5 } });
    await storeTraces(api, [
      {
        session_id: "s",
        started_at: minute(2),
        ended_at: "2026-03-01T09:02:01.500Z",
        tags: ["b"],
        user_id: "old",
      },
      { session_id: "s", started_at: minute(9), tags: [], user_id: null, spans: [span] },
      {
        session_id: "s",
        started_at: minute(5),
        ended_at: "2026-03-01T09:05:02Z",
        tags: ["a", "b"],
        user_id: "new",
      },
      { session_id: "s", started_at: minute(1), status: "ERROR", spans: [span, span] },
      { session_id: "t", tags: ["c"] },
      {},
    ]);
    const summary = {
      session_id: "s",
      trace_count: 4,
      first_trace_at: minute(1),
      // The one at 9 has not ended.
      last_trace_at: "2026-03-01T09:05:02.000Z",
      total_latency_ms: 3500,
      has_error: true,
      user_id: "new",
      tags: ["a", "b"],
      total_span_count: 3,
      total_tokens: 15,
      total_cost: 1.5,
      unpriced_spans: 0,
    };
    expect(await list(api, ["query", "s"])).toEqual({
      items: [summary],
      total: 1,
      limit: 50,
      offset: 0,
      next_cursor: null,
    });
    const { traces, ...rest } = await detail(api, "s");
    expect(rest).toEqual(summary);
    expect(traces.map(({ started_at }) => started_at)).toEqual([1, 2, 5, 9].map(minute));
    expect(traces[0]?.spans).toHaveLength(2);
  });

  test("has at most the first 100 tags of its traces, by name", async () => {
    const api = server.project();
    const tags = Array.from({ length: 120 }, (_, n) => `tag ${String(n).padStart(3, "0")}`);
    await storeTraces(api, [
      { session_id: "s", tags: tags.slice(60) },
      { session_id: "s", tags: tags.slice(0, 80) },
    ]);
    expect((await detail(api, "s")).tags).toEqual(tags.slice(0, 100));
    expect((await list(api)).items[0]?.tags).toEqual(tags.slice(0, 100));
  });

  test("of traces that have not ended has no latency", async () => {
    const api = server.project();
    await storeTraces(api, [{ session_id: "s" }]);
    expect(await detail(api, "s")).toMatchObject({
      total_latency_ms: null,
      has_error: false,
      user_id: null,
      tags: [],
    });
  });

  test("disappears with its last trace", async () => {
    const api = server.project();
    const id = await storeTrace(api, { session_id: "s" });
    await api.delete(`/traces/${id}`);
    expectProblem(await api.get("/sessions/s"), "not_found", { detail: /session "s"/ });
    expect(await ids(api)).toEqual([]);
  });

  test.each([
    "template",
    "a/b/../c",
    "a b+c%20d",
    "?x=1#y",
    "ünïcödé",
    "会話",
    "👍".repeat(255),
    "語".repeat(255),
    "x".repeat(255),
    "'; drop table traces; --",
    "\\",
    '"',
    "%00",
    "__proto__",
    "a\tb\nc",
  ])("may be called %j", async (session_id) => {
    const api = server.project();
    const trace_id = await storeTrace(api, { session_id });
    expect((await detail(api, session_id)).traces.map((trace) => trace.trace_id)).toEqual([trace_id]);
    expect(await ids(api, ["query", session_id])).toEqual([session_id]);
  });

  test("is not confused with one of a similar name", async () => {
    const api = server.project();
    await storeTrace(api, { session_id: "Abc" });
    for (const id of ["abc", "Abc ", "Ab", "A_c", "%"]) {
      expectProblem(await api.get(`/sessions/${encodeURIComponent(id)}`), "not_found");
    }
  });

  test("with a name that is too long is refused", async () => {
    const answer = await server.project().get(`/sessions/${encodeURIComponent("👍".repeat(256))}`);
    expectProblem(answer, "validation_error", { loc: ["path", "session_id"] });
  });
});

describe("the traces of a session", () => {
  test("are returned in pages, those of the same time by id", async () => {
    const api = server.project();
    const stored = await storeTraces(
      api,
      Array.from({ length: 7 }, () => ({ session_id: "s" })),
    );
    const page = async (query: string) =>
      (await detail(api, "s", query)).traces.map(({ trace_id }) => trace_id);
    expect(await page("")).toEqual([...stored].sort());
    expect(await page("?limit=3&offset=3")).toEqual([...stored].sort().slice(3, 6));
    expect(await detail(api, "s", "?offset=9")).toMatchObject({ trace_count: 7, traces: [] });
    expect((await page("?limit=1000")).length).toBe(7);
  });

  test("are 200 by default and 1000 at most", async () => {
    const api = server.project();
    await Promise.all(Array.from({ length: 201 }, () => storeTrace(api, { session_id: "s" })));
    expect((await detail(api, "s")).traces).toHaveLength(200);
    expect((await detail(api, "s", "?limit=201")).traces).toHaveLength(201);
    for (const query of ["limit=0", "limit=1001", "limit=x", "offset=-1"])
      expectProblem(await api.get(`/sessions/s?${query}`), "validation_error");
  });
});

describe("the list of sessions", () => {
  test("has sessions with a trace that matches all filters", async () => {
    const api = server.project();
    await storeTraces(api, [
      { session_id: "one", user_id: "u", tags: ["a"], started_at: minute(1) },
      { session_id: "two", user_id: "u", tags: ["b"], started_at: minute(2) },
      { session_id: "two", user_id: "v", tags: ["a"], started_at: minute(3) },
      { session_id: "three", user_id: null, started_at: minute(4) },
    ]);
    const sorted = async (...query: (readonly [string, string])[]) => (await ids(api, ...query)).sort();
    expect(await sorted(["user_id", "u"])).toEqual(["one", "two"]);
    expect(await sorted(["user_id", "v"])).toEqual(["two"]);
    expect(await sorted(["tags", "a"])).toEqual(["one", "two"]);
    expect(await sorted(["tags", "b"], ["tags", "x"])).toEqual(["two"]);
    expect(await sorted(["user_id", "u"], ["tags", "a"])).toEqual(["one"]);
    expect(await sorted(["started_after", minute(2)])).toEqual(["three", "two"]);
    expect(await sorted(["started_before", minute(2)])).toEqual(["one"]);
    expect(await sorted(["started_after", minute(2)], ["started_before", minute(3)])).toEqual(["two"]);
    expect(await sorted(["user_id", "v"], ["started_before", minute(3)])).toEqual([]);
    // Only matching traces are summed up.
    expect((await list(api, ["user_id", "v"])).items[0]).toMatchObject({ trace_count: 1, tags: ["a"] });
  });

  test("by whether one of its traces has an error", async () => {
    const api = server.project();
    await storeTraces(api, [
      { session_id: "bad", status: "ERROR" },
      { session_id: "bad" },
      { session_id: "good" },
    ]);
    expect(await ids(api, ["has_error", "true"])).toEqual(["bad"]);
    expect(await ids(api, ["has_error", "false"])).toEqual(["good"]);
  });

  test("by a part of the id, ignoring case, without wildcards", async () => {
    const api = server.project();
    await storeTraces(
      api,
      ["Chat-1%", "chat-2", "c_3", "Ä"].map((session_id) => ({ session_id })),
    );
    expect((await ids(api, ["query", "CHAT"])).sort()).toEqual(["Chat-1%", "chat-2"]);
    expect(await ids(api, ["query", "%"])).toEqual(["Chat-1%"]);
    expect(await ids(api, ["query", "_"])).toEqual(["c_3"]);
    expect(await ids(api, ["query", "ä"])).toEqual(["Ä"]);
  });

  test.each([
    ["recent", ["c", "b", "a", "d"]],
    ["trace_count", ["b", "d", "c", "a"]],
    ["latency", ["a", "c", "b", "d"]],
    ["cost", ["d", "c", "b", "a"]],
  ])("in the order of %s, without a value last", async (sort_by, expected) => {
    const api = server.project();
    const cost = (total: number) => [spanBody({ cost: { total } })];
    const at = (n: number, seconds?: number) => ({
      started_at: minute(n),
      ended_at: seconds === undefined ? null : `2026-03-01T09:${String(n).padStart(2, "0")}:0${seconds}.000Z`,
    });
    await storeTraces(api, [
      { session_id: "a", ...at(2, 9) },
      { session_id: "b", ...at(1), spans: cost(0.1) },
      { session_id: "b", ...at(3, 1) },
      { session_id: "b", ...at(2) },
      { session_id: "c", ...at(4, 5), spans: cost(0.2) },
      { session_id: "d", ...at(1), spans: cost(5) },
      { session_id: "d", ...at(1) },
    ]);
    expect(await ids(api, ["sort_by", sort_by])).toEqual(expected);
    const ascending = await ids(api, ["sort_by", sort_by], ["sort_order", "asc"]);
    const isMissing = (id: string) => sort_by === "latency" && id === "d";
    expect(ascending.filter((id) => !isMissing(id))).toEqual(
      expected.filter((id) => !isMissing(id)).toReversed(),
    );
    if (sort_by === "latency") expect(ascending.at(-1)).toBe("d");
  });

  test("in consistent pages", async () => {
    const api = server.project();
    const all = Array.from({ length: 7 }, (_, n) => `s${n}`);
    await storeTraces(
      api,
      all.map((session_id) => ({ session_id })),
    );
    for (const sort_by of ["recent", "trace_count", "latency", "cost"]) {
      const seen: string[] = [];
      for (const offset of ["0", "3", "6", "9"]) {
        const page = await list(api, ["sort_by", sort_by], ["limit", "3"], ["offset", offset]);
        expect(page).toMatchObject({ total: 7, limit: 3, offset: Number(offset) });
        seen.push(...page.items.map(({ session_id }) => session_id));
      }
      expect(seen).toEqual(all.toReversed());
    }
  });

  test.each([
    "has_error=yes",
    "has_error=",
    "has_error=2",
    "has_error=true&has_error=false",
    "sort_by=name",
    "sort_order=random",
    "limit=0",
    "limit=201",
    "offset=a",
    "started_after=x",
    "started_before=2026-13-01",
    "query=a&query=b",
  ])("refuses %s", async (query) => {
    const name = query.slice(0, query.indexOf("="));
    expectProblem(await server.project().get(`/sessions?${query}`), "validation_error", {
      loc: ["query", name],
    });
  });
});
