import {
  CreateBatchEvalRunRequest,
  CreateEvalRunRequest,
  SpanCreate,
  TraceCreate,
} from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { sessionId, uuid } from "../src/common/ids.ts";
import { cutNumberObject, jsonObject, limitedNumberObject } from "../src/common/json.ts";
import { text } from "../src/common/text.ts";

describe("text", () => {
  const schema = text(1, 3);

  test("is counted by code point", () => {
    for (const value of ["a", "äöü", "👍👍👍", "\ud800\ud800\ud800"]) expect(schema.parse(value)).toBe(value);
    for (const value of ["", "abcd", "👍👍👍👍", "x".repeat(10_000_000)])
      expect(schema.safeParse(value).success).toBe(false);
  });

  test("is a string", () => {
    for (const value of [1, null, undefined, ["a"], {}]) expect(schema.safeParse(value).success).toBe(false);
  });

  test("a session's id may have 255 code points", () => {
    expect(sessionId.parse("👍".repeat(255))).toHaveLength(510);
    expect(sessionId.safeParse("👍".repeat(256)).success).toBe(false);
  });
});

describe("an id", () => {
  test.each([
    "11111111-1111-1111-1111-111111111111",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "0198c0de-7abc-7def-8123-456789abcdef",
  ])("may be %s, in any UUID version", (id) => {
    expect(uuid.parse(id)).toBe(id);
    expect(uuid.parse(id.toUpperCase())).toBe(id);
  });

  test.each([
    "0198C0DE7ABC7DEF8123456789ABCDEF",
    "{0198c0de-7abc-7def-8123-456789abcdef}",
    "{0198c0de7abc7def8123456789abcdef}",
    "urn:uuid:0198c0de-7abc-7def-8123-456789abcdef",
    "URN:UUID:0198C0DE-7ABC-7DEF-8123-456789ABCDEF",
  ])("may be written %s", (id) => {
    expect(uuid.parse(id)).toBe("0198c0de-7abc-7def-8123-456789abcdef");
  });

  test.each([
    "",
    "1111111111111111111111111111111",
    "111111111111111111111111111111111",
    "{11111111-1111-1111-1111-111111111111",
    "11111111-1111-1111-1111-111111111111}",
    "11111111-111111111111-1111-111111111111",
    "uuid:11111111-1111-1111-1111-111111111111",
    "11111111-1111-1111-1111-11111111111",
    "g1111111-1111-1111-1111-111111111111",
    " 11111111-1111-1111-1111-111111111111",
    "11111111-1111-1111-1111-111111111111\n",
  ])("is not %j", (id) => {
    expect(uuid.safeParse(id).success).toBe(false);
  });
});

describe("JSON in a body", () => {
  test("an object is kept unchanged, including `__proto__` keys", () => {
    const value: unknown = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1, "a": [{}]}');
    expect(JSON.stringify(jsonObject.parse(value))).toBe(JSON.stringify(value));
    for (const other of [[], null, "{}", 1]) expect(jsonObject.safeParse(other).success).toBe(false);
  });

  test.each([cutNumberObject, limitedNumberObject])(
    "costs are numbers; one that is too large is refused",
    (costs) => {
      expect(costs.parse({ input: 0.1, total: -1 })).toEqual({ input: 0.1, total: -1 });
      expect(costs.parse({ input: "0.000125", output: null, total: "1e-05" })).toEqual({
        input: 0.000125,
        total: 0.00001,
      });
      expect(costs.parse(JSON.parse('{"__proto__": "1"}'))).toEqual(JSON.parse('{"__proto__": 1}'));
      for (const total of ["", "free", "0x1", "1,5", "1e999", {}, true, Number.POSITIVE_INFINITY])
        expect(costs.safeParse({ total }).success).toBe(false);
    },
  );
});

describe("a trace", () => {
  const trace = { name: "x", started_at: "2026-03-01" };

  test("may have up to 500 spans", () => {
    const span = { name: "s", started_at: "2026-03-01" };
    expect(TraceCreate.safeParse({ ...trace, spans: Array(500).fill(span) }).success).toBe(true);
    expect(TraceCreate.safeParse({ ...trace, spans: Array(501).fill(span) }).success).toBe(false);
  });

  test("gets no defaults: the server adds them, because an update has none", () => {
    expect(Object.keys(TraceCreate.parse(trace))).toEqual(["name", "started_at"]);
    expect(Object.keys(SpanCreate.parse(trace))).toEqual(["name", "started_at"]);
  });
});

describe("a run", () => {
  test("evaluates all matches by default, and needs a metric", () => {
    expect(CreateEvalRunRequest.parse({ metrics: ["coherence"] })).toEqual({
      metrics: ["coherence"],
      sampling_rate: 1,
    });
    expect(CreateEvalRunRequest.safeParse({ metrics: [] }).success).toBe(false);
    expect(CreateEvalRunRequest.safeParse({}).success).toBe(false);
  });

  test("keeps its filters as given", () => {
    const filters = { date_from: "2026-03-01", date_to: "2026-03-29T00:00:00+02:00", status: null, tags: [] };
    expect(CreateEvalRunRequest.parse({ metrics: ["coherence"], filters }).filters).toEqual(filters);
  });

  test.each([
    [{ date_from: "2026-03-02", date_to: "2026-03-01" }],
    [{ date_from: "2026-03-01", date_to: "2026-03-01T00:00:00Z" }],
    [{ date_from: "2026-03-01T00:00:00Z", date_to: "2026-03-01T01:00:00+02:00" }],
    [{ date_from: "soon" }],
    [{ status: "DONE" }],
    [{ min_trace_count: 3 }],
    [{ tags: "production" }],
  ])("refuses the filters %j", (filters) => {
    expect(CreateEvalRunRequest.safeParse({ metrics: ["coherence"], filters }).success).toBe(false);
  });

  test("reports twenty invalid items of a list, however long it is", () => {
    const ids = (length: number) => Array<string>(length).fill("no id");
    const issues = (trace_ids: string[]) =>
      CreateBatchEvalRunRequest.safeParse({ trace_ids, metrics: ["coherence"] }).error?.issues;
    expect(issues(ids(3))).toHaveLength(3);
    const [first, ...more] = issues([...Array<string>(5).fill(crypto.randomUUID()), ...ids(90_000)]) ?? [];
    expect(first).toMatchObject({
      code: "invalid_format",
      path: ["trace_ids", 5],
      message: expect.stringMatching(/UUID/),
    });
    expect(more).toHaveLength(19);
    const [tooLong, ...others] = issues(ids(1_000_000)) ?? [];
    expect(tooLong).toMatchObject({ path: ["trace_ids"], message: "must have at most 100000 items" });
    expect(others).toEqual([]);
  });
});
