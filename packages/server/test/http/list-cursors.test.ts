import type { SessionPage, TracePage, UserPage } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { storeTraces } from "../support/traces.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);

type Item = (TracePage | SessionPage | UserPage)["items"][number];
type Page = Omit<TracePage, "items"> & { readonly items: readonly Item[] };

/** The pages of a list up to its end, by `next_cursor`. */
async function pages(api: ApiClient, path: string): Promise<Page[]> {
  const all: Page[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { status, body }: { status: number; body: Page } = await api.get<Page>(
      cursor === "" ? path : `${path}&cursor=${cursor}`,
    );
    expect(status, JSON.stringify(body)).toBe(200);
    all.push(body);
    cursor = body.next_cursor;
  }
  return all;
}

/** Seven traces of four sessions and three users; three start at the same time, two have not ended. */
async function sampleTraces(api: ApiClient): Promise<void> {
  const minutes = [1, 2, 2, 2, 3, 4, 5];
  const traces = minutes.map((minute, n) => ({
    name: ["b", "a", "é", "a", "Z", '\u{1f43c} "\\\n', "b"][n],
    status: n % 2 === 0 ? "COMPLETED" : "ERROR",
    started_at: `2026-03-01T00:0${minute}:00.123Z`,
    ended_at: n % 3 === 0 ? null : `2026-03-01T00:0${minute}:0${n}.456Z`,
    session_id: ["s 1", "s 2", "s/3", "s 4"][n % 4],
    user_id: `u ${n % 3}`,
    spans: [{ name: "s", started_at: "2026-03-01T00:00:00Z", cost: { total: 0.1 * (n % 2) } }],
  }));
  await storeTraces(api, traces);
}

const orders = [
  ...["started_at", "ended_at", "name", "status", "latency"].map((key) => `/traces?sort_by=${key}`),
  ...["recent", "trace_count", "latency", "cost"].map((key) => `/sessions?sort_by=${key}`),
].flatMap((path) => [`${path}&sort_order=asc`, `${path}&sort_order=desc`]);

test("pages by cursor are those by offset, in every order", async () => {
  const api = server.project();
  await sampleTraces(api);
  for (const path of [...orders, "/traces/users?"]) {
    const whole = (await api.get<Page>(path)).body;
    expect(whole.next_cursor, path).toBeNull();
    for (const limit of [1, 2, 3]) {
      const found = await pages(api, `${path}&limit=${limit}`);
      expect(
        found.flatMap(({ items }) => items),
        path,
      ).toEqual(whole.items);
      expect(found.map(({ total, offset }) => [total, offset])).toEqual(found.map(() => [whole.total, 0]));
    }
  }
});

test("without counting, `total` says whether there are more", async () => {
  const api = server.project();
  await sampleTraces(api);
  const totals = async (path: string) => (await api.get<Page>(`${path}total=false`)).body.total;
  expect(await totals("/traces?limit=3&")).toBe(4);
  expect(await totals("/traces?limit=3&offset=3&")).toBe(7);
  expect(await totals("/traces?limit=3&offset=6&")).toBe(7);
  expect(await totals("/traces?limit=3&offset=9&")).toBe(0);
  expect(await totals("/sessions?limit=3&")).toBe(4);
  expect(await totals("/sessions?")).toBe(4);
  expect(await totals("/traces/users?limit=1&offset=1&")).toBe(3);
});

test("an offset counts from the cursor", async () => {
  const api = server.project();
  await sampleTraces(api);
  const { items, next_cursor } = (await api.get<TracePage>("/traces?limit=2")).body;
  const rest = (await api.get<TracePage>(`/traces?cursor=${next_cursor}&offset=1`)).body;
  const whole = (await api.get<TracePage>("/traces")).body;
  expect([...items, ...whole.items.slice(2, 3), ...rest.items]).toEqual(whole.items);
});

test("new items neither repeat nor hide an item", async () => {
  for (const [path, id] of [
    ["/traces?", "trace_id"],
    ["/sessions?", "session_id"],
    ["/traces/users?", "user_id"],
  ] as const) {
    const api = server.project();
    await sampleTraces(api);
    const list = async (query: string) => {
      const { items, next_cursor } = (await api.get<Page>(path + query)).body;
      return { ids: items.map((item) => (item as Record<string, unknown>)[id]), next_cursor };
    };
    const before = await list("");
    const first = await list("limit=2");
    const started_at = "2026-03-02T00:00:00Z";
    await storeTraces(api, [
      { name: "newer", started_at, session_id: "new", user_id: "new" },
      { name: "newer", started_at, session_id: "s 4", user_id: "u 0" },
    ]);
    const next = await list(`cursor=${first.next_cursor}`);
    // A session or user with a newer trace has moved to the front of the list.
    expect(next.ids).toEqual(before.ids.slice(2).filter((each) => each !== "s 4" && each !== "u 0"));
  }
});

test("sessions and users with many traces are found beyond the newest traces", async () => {
  const api = server.project();
  await storeTraces(api, [
    { name: "old", started_at: "2025-01-01T00:00:00Z", session_id: "old", user_id: "old" },
    { name: "older", started_at: "2024-01-01T00:00:00Z", session_id: "older", user_id: "older" },
  ]);
  await database.run(
    `insert into traces (project_id, trace_id, name, status, input, output, metadata, started_at, tags, session_id, user_id)
     select project_id, gen_random_uuid(), 'n', 'COMPLETED', 'null', 'null', '{}',
       timestamptz '2026-01-01' + n * interval '1 second', '{}', 'large ' || n % 2, 'large ' || n % 2
     from (select project_id from traces where session_id = 'old' limit 1) of, generate_series(1, 12000) n`,
  );
  for (const [path, field] of [
    ["/sessions?", "session_id"],
    ["/traces/users?", "user_id"],
  ] as const) {
    for (const limit of [1, 3, 50]) {
      const found = await pages(api, `${path}total=false&limit=${limit}`);
      const ids = found.flatMap(({ items }) => items.map((item) => (item as Record<string, unknown>)[field]));
      expect(ids, `${path} by ${limit}`).toEqual(["large 0", "large 1", "old", "older"]);
    }
  }
});

test("a cursor is refused by any list but its own", async () => {
  const api = server.project();
  await sampleTraces(api);
  const cursorOf = async (path: string) => (await api.get<Page>(path)).body.next_cursor;
  const traces = await cursorOf("/traces?limit=1");
  const elsewhere = [
    `/traces?sort_order=asc&cursor=${traces}`,
    `/traces?sort_by=name&cursor=${traces}`,
    `/traces?status=ERROR&cursor=${traces}`,
    `/sessions?cursor=${traces}`,
    `/traces/users?cursor=${traces}`,
  ];
  for (const path of elsewhere) {
    expectProblem(await api.get(path), "validation_error", {
      loc: ["query", "cursor"],
      detail: /^query\.cursor belongs to other filters or another order: .*leave `cursor` out/,
    });
  }
  expect((await api.get(`/traces?limit=7&total=0&cursor=${traces}`)).status).toBe(200);
  expect((await server.project().get<TracePage>(`/traces?cursor=${traces}`)).body.items).toEqual([]);
});

test("an invented cursor is refused", async () => {
  const api = server.project();
  await sampleTraces(api);
  const written = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  for (const path of [...orders, "/traces/users?"]) {
    const { next_cursor } = (await api.get<Page>(`${path}&limit=1`)).body;
    const [digest, key, id] = JSON.parse(Buffer.from(next_cursor ?? "", "base64url").toString()) as unknown[];
    const wrong = [
      "x",
      "%00",
      "a".repeat(6000),
      written(null),
      written([digest]),
      written([digest, {}, id]),
      written([digest, true, id]),
      written([digest, key, 7]),
      written([digest, key, "\0"]),
      written([digest, typeof key === "number" ? "2026-03-01" : 1, id]),
      written([digest, typeof key === "number" ? "x" : "\ud800", id]),
    ];
    if (path.includes("started_at"))
      wrong.push(written([digest, 1e300, id]), written([digest, key, "no uuid"]));
    for (const cursor of wrong) expectProblem(await api.get(`${path}&cursor=${cursor}`), "validation_error");
  }
  expectProblem(await api.get(`/traces?cursor=${"a".repeat(6001)}`), "validation_error");
  expectProblem(await api.get("/traces?cursor="), "validation_error");
});
