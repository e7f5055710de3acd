import type { PandaProbe } from "@pandaprobe/sdk";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { storeTraces } from "./samples.ts";
import type { Behaviour } from "./side.ts";

type Page = Awaited<ReturnType<typeof list>>;
type Query = Readonly<Record<string, unknown>>;

/** One page of a list, by its method. */
async function list(
  client: PandaProbe,
  method: "listTraces" | "listSessions" | "listTraceUsers",
  query: Query,
) {
  const { items, ...page } = await client[method](query);
  return { ...page, items: items.map((item) => ("name" in item ? item.name : item)) };
}

async function sampleTraces(client: PandaProbe): Promise<void> {
  await storeTraces(
    client,
    ...[1, 1, 2, 3, 3, 4].map((minute, n) => ({
      name: ["a", "b", "c", "d", "e", "a"][n] ?? "",
      started_at: `2026-03-01T09:0${minute}:00Z`,
      ended_at: n % 3 === 0 ? null : `2026-03-01T09:0${minute}:0${n}Z`,
      session_id: ["s 1", "s 2", "s/3"][n % 3] ?? null,
      user_id: `u ${n % 4}`,
    })),
  );
}

const orders = [
  ...["started_at", "ended_at", "name", "status", "latency"].map(
    (sort_by) => ["listTraces", { sort_by }] as const,
  ),
  ...["recent", "trace_count", "latency", "cost"].map((sort_by) => ["listSessions", { sort_by }] as const),
];

export const cursors: readonly Behaviour[] = [
  {
    name: "lists page by cursor as by offset",
    async check(side) {
      const client = side.client();
      await sampleTraces(client);
      const everyOrder = orders.flatMap(([method, query]) =>
        ["asc", "desc"].map((sort_order) => [method, { ...query, sort_order }] as const),
      );
      for (const [method, query] of [...everyOrder, ["listTraceUsers", {}] as const]) {
        const whole = await list(client, method, query);
        expect(whole.next_cursor).toBeNull();
        const found: Page[] = [await list(client, method, { ...query, limit: 2 })];
        for (let cursor = found[0]?.next_cursor; cursor != null; cursor = found.at(-1)?.next_cursor)
          found.push(await list(client, method, { ...query, limit: 2, cursor }));
        expect(found.flatMap(({ items }) => items)).toEqual(whole.items);
        expect(found.map(({ total }) => total)).toEqual(found.map(() => whole.total));
      }
    },
  },
  {
    name: "iterates from a cursor on, and without counting",
    async check(side) {
      const client = side.client();
      await sampleTraces(client);
      const whole = await client.listTraces();
      const { next_cursor: cursor } = await client.listTraces({ limit: 1 });
      for (const total of [true, false]) {
        const names: string[] = [];
        for await (const { name } of client.listTraces({ limit: 2, total, cursor: cursor ?? "" }))
          names.push(name);
        expect(names).toEqual(whole.items.slice(1).map(({ name }) => name));
      }
      expect((await client.listTraces({ limit: 2, total: false })).total).toBe(3);
      expect((await client.listTraces({ limit: 2, offset: 4, total: false })).total).toBe(6);
      expect((await client.listTraces({ limit: 2, offset: 8, total: false })).total).toBe(0);
    },
  },
  {
    name: "refuses a cursor of another list, of other filters, or that is none",
    async check(side) {
      const client = side.client();
      await sampleTraces(client);
      const { next_cursor } = await client.listTraces({ limit: 1 });
      const cursor = next_cursor ?? "";
      for (const query of [
        { cursor, sort_order: "asc" as const },
        { cursor, tags: ["a"] },
        { cursor: "none" },
        { cursor: `${cursor}x` },
      ])
        await expectRefusal(client.listTraces(query), 422, "validation_error");
      await expectRefusal(client.listSessions({ cursor }), 422, "validation_error");
    },
  },
];
