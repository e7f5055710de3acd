import type { ServerResponse } from "node:http";
import type { TraceListItem } from "@pandaprobe/sdk";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { testClient } from "./support/test-client.ts";
import { type ReceivedRequest, sendJson, sendProblem, startTestServer } from "./support/test-server.ts";

/** A list of five items. */
function fiveTraces(response: ServerResponse, { url }: ReceivedRequest): void {
  const query = new URLSearchParams(url.split("?")[1]);
  const [limit, offset] = [Number(query.get("limit") ?? 50), Number(query.get("offset") ?? 0)];
  const all = ["a", "b", "c", "d", "e"].map((name) => ({ name }));
  sendJson(response, 200, { items: all.slice(offset, offset + limit), total: all.length, limit, offset });
}

async function collect<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}

describe("a list", () => {
  it("gives one page when awaited", async () => {
    await using server = await startTestServer(fiveTraces);
    const page = await testClient(server).listTraces({ limit: 2, offset: 1 });
    expect(page).toEqual({ items: [{ name: "b" }, { name: "c" }], total: 5, limit: 2, offset: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it("rejects if a page comes twice, because something ignores the offset", async () => {
    await using server = await startTestServer((response) =>
      sendJson(response, 200, { items: [{ name: "a" }, { name: "b" }], total: 5, limit: 2, offset: 0 }),
    );
    const names: string[] = [];
    const reading = async () => {
      for await (const { name } of testClient(server).listTraces({ limit: 2 })) names.push(name);
    };
    await expect(reading()).rejects.toMatchObject({
      name: "PandaProbeError",
      message: "The server ignores `offset`. Check the endpoint, and any proxy before it.",
    });
    expect(names).toEqual(["a", "b"]);
  });

  it("gives all items, page by page, when iterated over", async () => {
    await using server = await startTestServer(fiveTraces);
    const traces = await collect(testClient(server).listTraces({ limit: 2, status: "ERROR" }));
    expect(traces.map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/traces?limit=2&status=ERROR",
      "/traces?limit=2&status=ERROR&offset=2",
      "/traces?limit=2&status=ERROR&offset=4",
    ]);
    expectTypeOf(traces).toEqualTypeOf<TraceListItem[]>();
  });

  it("continues with the cursor if pages have one, and counts once", async () => {
    await using server = await startTestServer((response, { url }) => {
      const cursor = new URLSearchParams(url.split("?")[1]).get("cursor");
      const from = "acegi".indexOf(cursor ?? "a");
      const next_cursor = from < 2 ? ("acegi"[from + 1] ?? null) : null;
      // The total is of what was counted, which is less than there is.
      const items = ["1", "2"].map((name) => ({ name: `${cursor ?? "a"}${name}` }));
      sendJson(response, 200, { items, total: cursor === null ? 6 : 3, limit: 2, offset: 0, next_cursor });
    });
    const list = testClient(server).listTraces({ limit: 2, offset: 7, status: "ERROR" });
    const traces = await collect(list);
    expect(traces.map(({ name }) => name)).toEqual(["a1", "a2", "c1", "c2", "e1", "e2"]);
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/traces?limit=2&offset=7&status=ERROR",
      "/traces?limit=2&offset=0&status=ERROR&cursor=c&total=false",
      "/traces?limit=2&offset=0&status=ERROR&cursor=e&total=false",
    ]);
  });

  it("rejects if a page comes twice, because something ignores the cursor", async () => {
    await using server = await startTestServer((response) =>
      sendJson(response, 200, { items: [{ name: "a" }], total: 9, limit: 1, offset: 0, next_cursor: "b" }),
    );
    await expect(collect(testClient(server).listTraces())).rejects.toMatchObject({ name: "PandaProbeError" });
    expect(server.requests).toHaveLength(2);
  });

  it("gives as many items as requested, and fetches no more pages than needed", async () => {
    await using server = await startTestServer(fiveTraces);
    const client = testClient(server);
    const some = await collect(client.listTraces({ limit: 2 }).items({ max: 4 }));
    expect(some.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
    expect(server.requests).toHaveLength(2);
    await expect(collect(client.listTraces({ limit: 2 }).items({ max: 3 }))).resolves.toHaveLength(3);
    await expect(collect(client.listTraces({ limit: 2 }).items({ max: 0 }))).resolves.toEqual([]);
    await expect(collect(client.listTraces({ limit: 2 }).items({ max: 9 }))).resolves.toHaveLength(5);
    await expect(collect(client.listTraces({ limit: 2 }).items())).resolves.toHaveLength(5);
    const list = client.listTraces();
    for (const max of [-1, 0.5, Number.NaN])
      await expect(collect(list.items({ max }))).rejects.toThrow(/^max must be a whole number/);
    await list;
    expectTypeOf(some).toEqualTypeOf<TraceListItem[]>();
  });

  it("fetches only requested pages", async () => {
    await using server = await startTestServer(fiveTraces);
    for await (const trace of testClient(server).listTraces({ limit: 2 })) if (trace.name === "b") break;
    expect(server.requests).toHaveLength(1);
  });

  it("ends if the items end before the total is reached", async () => {
    await using server = await startTestServer((response, _request, index) => {
      const items = index === 0 ? [{ name: "a" }] : [];
      sendJson(response, 200, { items, total: 5, limit: 1, offset: index });
    });
    await expect(collect(testClient(server).listTraces({ limit: 1 }))).resolves.toHaveLength(1);
  });

  it("gives the items as they are on the pages, even if items come or go between two pages", async () => {
    // Newest first: an item stored meanwhile repeats the last one of the previous page; a deleted one hides an item.
    const read = async (change: (all: string[]) => void) => {
      const all = ["d", "c", "b", "a"];
      await using server = await startTestServer((response, { url }, index) => {
        if (index === 1) change(all);
        const offset = Number(new URLSearchParams(url.split("?")[1]).get("offset") ?? 0);
        const items = all.slice(offset, offset + 2).map((name) => ({ name }));
        sendJson(response, 200, { items, total: all.length, limit: 2, offset });
      });
      const traces = await collect(testClient(server).listTraces({ limit: 2 }));
      return traces.map(({ name }) => name);
    };
    await expect(read((all) => all.unshift("e"))).resolves.toEqual(["d", "c", "c", "b", "a"]);
    await expect(read((all) => all.shift())).resolves.toEqual(["d", "c", "a"]);
    await expect(read((all) => all.splice(0))).resolves.toEqual(["d", "c"]);
  });

  it("rejects with the signal's reason between two pages, and in the middle of one", async () => {
    await using server = await startTestServer((response, request, index) =>
      index === 0 ? fiveTraces(response, request) : undefined,
    );
    const controller = new AbortController();
    const names: string[] = [];
    const iterate = async () => {
      const list = testClient(server).listTraces({ limit: 2 }, { signal: controller.signal });
      for await (const { name } of list) names.push(name);
    };
    const iterating = iterate();
    const ended = expect(iterating).rejects.toBe("enough");
    await vi.waitUntil(() => server.requests.length === 2);
    controller.abort("enough");
    await ended;
    expect(names).toEqual(["a", "b"]);

    await using other = await startTestServer(fiveTraces);
    const between = new AbortController();
    const items = testClient(other).listTraces({ limit: 1 }, { signal: between.signal }).items();
    await items.next();
    between.abort("enough");
    await expect(items.next()).rejects.toBe("enough");
    expect(other.requests).toHaveLength(1);
  });

  it("uses the call's options for every page", async () => {
    await using server = await startTestServer(fiveTraces);
    await collect(testClient(server).listTraces({ limit: 2 }, { headers: { "x-tenant": "a" } }));
    expect(server.requests.map(({ headers }) => headers["x-tenant"])).toEqual(["a", "a", "a"]);
  });

  it("gives the status and the headers of its page on request", async () => {
    await using server = await startTestServer(fiveTraces);
    const { data, status, requestId } = await testClient(server).listTraces({ limit: 2 }).withResponse();
    expect([data.items.length, status, requestId]).toEqual([2, 200, null]);
  });

  it("rejects with the error of a page that fails", async () => {
    await using server = await startTestServer((response, request, index) =>
      index === 0 ? fiveTraces(response, request) : sendProblem(response, 401),
    );
    const names: string[] = [];
    const iterate = async () => {
      for await (const { name } of testClient(server).listTraces({ limit: 2 })) names.push(name);
    };
    await expect(iterate()).rejects.toMatchObject({ name: "AuthenticationError" });
    expect(names).toEqual(["a", "b"]);
  });
});
