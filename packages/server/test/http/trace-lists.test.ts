import type { TracePage } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { spanBody, storeTraces } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { queryText } from "./support/query-text.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();

async function list(api: ApiClient, query = ""): Promise<TracePage> {
  const { status, body } = await api.get<TracePage>(`/traces?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** The names of the traces that match, sorted. */
async function names(api: ApiClient, ...query: (readonly [string, string])[]): Promise<string[]> {
  const page = await list(api, queryText(query));
  expect(page.total).toBe(page.items.length);
  return page.items.map(({ name }) => name).sort();
}

const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`;

describe("an item of the list", () => {
  test("sums a trace up", async () => {
    const api = server.project();
    const trace = {
      name: "book a table",
      status: "ERROR",
      started_at: day(1),
      ended_at: "2026-03-01T00:00:01.500Z",
      session_id: "s",
      user_id: "u",
      tags: ["b", "a"],
      environment: "production",
      release: "v1",
    };
    const spans = [1, 2].map(() => spanBody({ token_usage: { total_tokens: 5 }, cost: { total: 0.5 } }));
    const [trace_id] = await storeTraces(api, [
      { ...trace, spans, input: "left out", metadata: { left: "out" } },
    ]);
    expect(await list(api)).toEqual({
      items: [
        {
          ...trace,
          trace_id,
          latency_ms: 1500,
          span_count: 2,
          total_tokens: 10,
          total_cost: 1,
          unpriced_spans: 0,
        },
      ],
      total: 1,
      limit: 50,
      offset: 0,
      next_cursor: null,
    });
  });
});

describe("filters", () => {
  test("by session, user, environment and release are exact", async () => {
    const api = server.project();
    for (const field of ["session_id", "user_id", "environment", "release"]) {
      await storeTraces(api, [
        { name: `${field} is it`, [field]: "a%b_c" },
        { name: `${field} in upper case`, [field]: "A%B_C" },
        { name: `${field} like it`, [field]: "axbxc" },
        { name: `${field} with more`, [field]: "a%b_c " },
        { name: `${field} null`, [field]: null },
      ]);
      expect(await names(api, [field, "a%b_c"])).toEqual([`${field} is it`]);
      expect(await names(api, [field, "null"])).toEqual([]);
    }
  });

  test("by status", async () => {
    const api = server.project();
    const statuses = ["PENDING", "RUNNING", "COMPLETED", "ERROR"];
    await storeTraces(
      api,
      statuses.map((status) => ({ name: status, status })),
    );
    for (const status of statuses) expect(await names(api, ["status", status])).toEqual([status]);
  });

  test("by time: from is inclusive, before is exclusive", async () => {
    const api = server.project();
    await storeTraces(
      api,
      [1, 2, 3].map((n) => ({ name: `day ${n}`, started_at: day(n) })),
    );
    expect(await names(api, ["started_after", day(2)])).toEqual(["day 2", "day 3"]);
    expect(await names(api, ["started_before", day(2)])).toEqual(["day 1"]);
    expect(await names(api, ["started_after", day(2)], ["started_before", day(3)])).toEqual(["day 2"]);
    expect(await names(api, ["started_after", "2026-03-02T01:00:00+01:00"])).toEqual(["day 2", "day 3"]);
    expect(await names(api, ["started_after", "2026-03-02"])).toEqual(["day 2", "day 3"]);
    expect(await names(api, ["started_after", "2026-03-02T00:00:00.0009Z"])).toEqual(["day 2", "day 3"]);
    expect(await names(api, ["started_after", day(3)], ["started_before", day(1)])).toEqual([]);
  });

  test("by tags: any of them; a tag may contain commas", async () => {
    const api = server.project();
    await storeTraces(api, [
      { name: "a", tags: ["a"] },
      { name: "a and b", tags: ["a", "b"] },
      { name: "a,b", tags: ["a,b"] },
      { name: "odd", tags: ['"', "\\", "{}", "NULL", "", "Ä"] },
      { name: "none" },
    ]);
    expect(await names(api, ["tags", "a"])).toEqual(["a", "a and b"]);
    expect(await names(api, ["tags", "a"], ["tags", "b"])).toEqual(["a", "a and b"]);
    expect(await names(api, ["tags", "b"], ["tags", "x"])).toEqual(["a and b"]);
    expect(await names(api, ["tags", "a,b"])).toEqual(["a,b"]);
    for (const tag of ['"', "\\", "{}", "NULL", "", "Ä"])
      expect(await names(api, ["tags", tag])).toEqual(["odd"]);
    expect(await names(api, ["tags", "A"])).toEqual([]);
  });

  test("by a part of the name, ignoring case, without wildcards", async () => {
    const api = server.project();
    const all = [
      "100% sure",
      "100 sure",
      "snake_case",
      "snakeXcase",
      "back\\slash",
      "Book a TABLE",
      "Über Öl",
      "it's",
    ];
    await storeTraces(
      api,
      all.map((name) => ({ name })),
    );
    expect(await names(api, ["name", "table"])).toEqual(["Book a TABLE"]);
    expect(await names(api, ["name", "ÜBER ö"])).toEqual(["Über Öl"]);
    expect(await names(api, ["name", "%"])).toEqual(["100% sure"]);
    expect(await names(api, ["name", "E_C"])).toEqual(["snake_case"]);
    expect(await names(api, ["name", "\\"])).toEqual(["back\\slash"]);
    expect(await names(api, ["name", "k\\s"])).toEqual(["back\\slash"]);
    expect(await names(api, ["name", "'"])).toEqual(["it's"]);
    expect(await names(api, ["name", ".*"])).toEqual([]);
    expect(await names(api, ["name", ""])).toHaveLength(all.length);
  });

  test("must all match", async () => {
    const api = server.project();
    await storeTraces(api, [
      { name: "both", user_id: "u", status: "ERROR" },
      { name: "one", user_id: "u" },
      { name: "other", status: "ERROR" },
    ]);
    expect(await names(api, ["user_id", "u"], ["status", "ERROR"])).toEqual(["both"]);
  });

  test.each([
    "status=DONE",
    "status=",
    "status=error",
    "status=ERROR&status=ERROR",
    "session_id=a&session_id=b",
    "started_after=soon",
    "started_after=",
    "started_before=1772357400123456",
    "sort_by=age",
    "sort_by=started_at;drop table traces",
    "sort_order=up",
    "sort_order=DESC",
    "limit=0",
    "limit=201",
    "limit=-1",
    "limit=1.5",
    "limit=0x10",
    "limit=1e1",
    "limit=",
    "limit=%201",
    "limit=1&limit=2",
    "offset=-1",
    "offset=99999999999999999999",
    "offset=",
  ])("refuse %s", async (query) => {
    const name = query.slice(0, query.indexOf("="));
    expectProblem(await server.project().get(`/traces?${query}`), "validation_error", {
      loc: ["query", name],
    });
  });

  test("that are unknown are ignored", async () => {
    const api = server.project();
    await storeTraces(api, [{}]);
    expect(await list(api, "color=red&__proto__=x&constructor=y&limit[]=3")).toMatchObject({
      total: 1,
      limit: 50,
    });
  });
});

describe("order", () => {
  const traces = [
    { name: "b", started_at: day(2), ended_at: "2026-03-02T00:00:03Z", status: "COMPLETED" },
    { name: "a", started_at: day(3), ended_at: "2026-03-03T00:00:01Z", status: "ERROR" },
    { name: "d", started_at: day(1), ended_at: null, status: "RUNNING" },
    { name: "c", started_at: day(4), ended_at: "2026-03-04T00:00:02Z", status: "PENDING" },
  ];
  const ordered = async (query: string) => {
    const api = server.project();
    await storeTraces(api, traces);
    return (await list(api, query)).items.map(({ name }) => name).join("");
  };

  test.each([
    ["", "cabd"],
    ["sort_order=asc", "dbac"],
    ["sort_by=started_at", "cabd"],
    ["sort_by=name", "dcba"],
    ["sort_by=name&sort_order=asc", "abcd"],
    // Running traces come last in both orders.
    ["sort_by=ended_at", "cabd"],
    ["sort_by=ended_at&sort_order=asc", "bacd"],
    ["sort_by=latency", "bcad"],
    ["sort_by=latency&sort_order=asc", "acbd"],
    ["sort_by=status&sort_order=asc", "bacd"],
    ["sort_by=status", "dcab"],
  ])("%j is %s", async (query, expected) => {
    expect(await ordered(query)).toBe(expected);
  });

  test("of equals is by id, so that pages are consistent", async () => {
    const api = server.project();
    const ids = await storeTraces(
      api,
      Array.from({ length: 23 }, () => ({ ended_at: null })),
    );
    for (const sort_by of ["started_at", "ended_at", "name", "latency", "status"]) {
      for (const sort_order of ["asc", "desc"]) {
        const seen: string[] = [];
        for (let offset = 0; offset < 25; offset += 5) {
          const page = await list(
            api,
            `sort_by=${sort_by}&sort_order=${sort_order}&limit=5&offset=${offset}`,
          );
          expect(page).toMatchObject({ total: 23, limit: 5, offset });
          seen.push(...page.items.map(({ trace_id }) => trace_id));
        }
        expect(seen).toEqual(sort_order === "asc" ? [...ids].sort() : [...ids].sort().reverse());
      }
    }
  });
});

describe("pages", () => {
  test("have 50 items by default, 200 at most, and the total", async () => {
    const api = server.project();
    await storeTraces(
      api,
      Array.from({ length: 51 }, () => ({})),
    );
    expect((await list(api)).items).toHaveLength(50);
    expect((await list(api, "limit=200")).items).toHaveLength(51);
    expect((await list(api, "limit=1")).items).toHaveLength(1);
    expect(await list(api, "offset=51")).toMatchObject({ items: [], total: 51, limit: 50, offset: 51 });
    expect(await list(api, `offset=${Number.MAX_SAFE_INTEGER}`)).toMatchObject({ items: [], total: 51 });
  });
});
