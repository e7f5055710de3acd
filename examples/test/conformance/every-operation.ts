import { contract, SessionSortBy, TraceSortBy } from "@pandaprobe/contract";
import { expect } from "vitest";
import { model, storeTraces, unknownId } from "./samples.ts";
import type { Behaviour, Side } from "./side.ts";

/*
 * Sends the same requests to every operation of the contract. The tests compare the responses of the two sides.
 */

interface Operation {
  readonly method: string;
  /** With `:name` in place of each parameter. */
  readonly path: string;
  readonly body?: unknown;
  readonly metadata: { readonly scope: string | null; readonly project?: string };
}

const operations: readonly Operation[] = Object.values(contract).flatMap((routes) => Object.values(routes));
const withBody = operations.filter(
  ({ method }) => method === "POST" || method === "PUT" || method === "PATCH",
);
const withParameters = operations.filter(({ path }) => path.includes(":"));
const reads = operations.filter(
  ({ method, metadata }) => method === "GET" && metadata.scope !== null && metadata.project === undefined,
);

const wrongBodies = [
  {},
  [],
  [{}],
  7,
  null,
  // biome-ignore format: one field a line is no clearer
  {
    name: 7, metrics: "a", filters: 3, model: 4, sampling_rate: 2, thresholds: { coherence: 7 }, trace_ids: ["x"],
    session_ids: [], max_cost_usd: -1, cadence: 5, timezone: "x", target_type: "X", tags: 1, started_at: "yesterday",
    ended_at: 7, status: "X", value: 3, data_type: "X", source: "X", trace_id: "7", spans: {}, traces: [], add_tags: 3,
    remove_tags: [1], metadata: 3, signal_weights: { confidence: -1 }, only_if_changed: "x", kind: "X", reason: 7,
    environment: "", user_id: 3, session_id: "", fresh: "x", token_usage: { total_tokens: -1 }, cost: { total: "a" },
  },
];

const wrongQuery = new URLSearchParams({
  ...{
    limit: "0",
    offset: "-1",
    sort_by: "x",
    sort_order: "x",
    status: "x",
    date_from: "yesterday",
    date_to: "x",
  },
  ...{ granularity: "century", metric_name: "", metric: "x", buckets: "0", has_error: "maybe", source: "x" },
  ...{
    data_type: "x",
    started_after: "x",
    started_before: "x",
    delete_scores: "perhaps",
    name: "",
    tags: "",
  },
});

/** Fills the parameters of a path. */
function filled(path: string, value: (name: string) => string): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(value(name)));
}

/** Sends requests one after the other. @returns the statuses of the responses, each once */
async function statusesOf(
  side: Side,
  requests: readonly Parameters<Side["send"]>[0][],
  client = side.client(),
): Promise<number[]> {
  const statuses = new Set<number>();
  for (const request of requests) statuses.add((await side.send(request, client)).status);
  return [...statuses].sort();
}

const span = {
  span_id: "33333333-3333-4333-8333-333333333333",
  name: "a step",
  started_at: "2026-03-01T09:00:01Z",
};

/** Stores some of everything in a project. @returns fills the parameters of a path with its ids */
async function storeSomeOfEverything(client: ReturnType<Side["client"]>): Promise<(path: string) => string> {
  const [first = ""] = await storeTraces(
    client,
    { session_id: "a", tags: ["b"], user_id: "u", ended_at: "2026-03-01T09:00:05Z", spans: [span] },
    { session_id: "a", status: "ERROR", user_id: "v", environment: "prod", ended_at: "2026-03-01T09:01:02Z" },
    { session_id: "c", name: "A trace", release: "v1" },
    {},
  );
  const { id: score_id } = await client.createTraceScore({ trace_id: first, name: "quality", value: "0.5" });
  await client.updateTraceScore(score_id, { value: "0.75" });
  await client.createTraceScore({ trace_id: first, name: "tone", value: "kind", data_type: "CATEGORICAL" });
  await client.metrics.putMetric("fast", { kind: "latency", max_ms: 2000 });
  await client.metrics.putMetric("fast", { kind: "latency", max_ms: 1000 });
  const cadence = { cadence: "cron:0 3 * * 1", timezone: "Europe/Berlin", model };
  const monitors = [
    await client.createMonitor({ ...cadence, name: "a", target_type: "TRACE", metrics: ["coherence"] }),
    await client.createMonitor({
      ...cadence,
      name: "b",
      target_type: "SESSION",
      metrics: ["agent_consistency"],
    }),
  ];
  await client.waitForRun(await client.triggerMonitor(monitors[0]?.id ?? ""));
  const { run } = await client.evaluateTraces({ metrics: ["coherence"], model, trace_ids: [first] });
  const sessions = await client.evaluateSessions({
    metrics: ["agent_reliability"],
    model,
    session_ids: ["a"],
  });
  const ofSession = await client.review.createSessionScore({ session_id: "a", name: "tone", value: "0.5" });
  await client.review.updateSessionScore(ofSession.id, { value: "0.75" });
  const queue = await client.review.createReviewQueue({
    name: "q",
    metrics: [{ name: "coherence" }],
    // One trace, because a drawn order is the server's own.
    from: { filters: { session_id: "c" } },
    seed: 1,
  });
  const { item } = await client.review.claimReviewItem(queue.id, { reviewer: "ann" });
  const ids: Readonly<Record<string, string>> = {
    queue_id: queue.id,
    item_id: item?.id ?? "",
    score_id,
    name: "fast",
    trace_id: first,
    session_id: "a",
    monitor_id: monitors[0]?.id ?? "",
  };
  const runs = { "trace-runs": run.id, "session-runs": sessions.run.id };
  const ofSpan = await client.review.createSpanScore({ ...span, trace_id: first, name: "tone", value: "1" });
  const scores = { "session-scores": ofSession.id, "span-scores": ofSpan.id };
  const idOf = (path: string, name: string) =>
    (name === "score_id" && Object.entries(scores).find(([kind]) => path.includes(kind))?.[1]) || ids[name];
  return (path) =>
    filled(
      path,
      (name) =>
        idOf(path, name) ?? (path.includes("session-runs") ? runs["session-runs"] : runs["trace-runs"]),
    );
}

export const everyOperation: readonly Behaviour[] = [
  {
    name: "requires a key",
    async check(side) {
      const headers = { "x-api-key": null };
      const secured = operations.filter(({ metadata }) => metadata.scope !== null);
      const requests = secured.map(({ method, path }) => ({
        method,
        path: filled(path, () => "a"),
        headers,
      }));
      expect(await statusesOf(side, requests)).toEqual([401]);
    },
  },
  {
    name: "refuses unknown and invalid ids",
    async check(side) {
      const requests = [unknownId, "7", "a b/c"].flatMap((id) =>
        withParameters.map(({ method, path, body }) => ({
          method,
          path: filled(path, () => id),
          ...(body !== undefined && { body: {} }),
        })),
      );
      // An unknown session has no scores, which is not an error.
      expect(await statusesOf(side, requests)).toEqual([200, 403, 404, 422]);
    },
  },
  {
    name: "names everything that is wrong in a body",
    async check(side) {
      const requests = wrongBodies.flatMap((body) =>
        withBody.map(({ method, path }) => ({ method, path: filled(path, () => unknownId), body })),
      );
      expect(await statusesOf(side, requests)).toEqual([403, 404, 422]);
    },
  },
  {
    name: "names everything that is wrong in a query",
    async check(side) {
      const client = side.client();
      const pathOf = await storeSomeOfEverything(client);
      const requests = reads.map(({ method, path }) => ({ method, path: `${pathOf(path)}?${wrongQuery}` }));
      expect(await statusesOf(side, requests, client)).toEqual([200, 400, 422]);
    },
  },
  {
    name: "sorts by every field that the contract allows",
    async check(side) {
      const client = side.client();
      await storeSomeOfEverything(client);
      const orders = ["asc", "desc"].map((order) => `sort_order=${order}`);
      const sortings = { "/traces": TraceSortBy, "/sessions": SessionSortBy };
      const requests = Object.entries(sortings).flatMap(([path, { options }]) =>
        options.flatMap((by) =>
          orders.map((order) => ({ method: "GET", path: `${path}?sort_by=${by}&${order}` })),
        ),
      );
      expect(await statusesOf(side, requests, client)).toEqual([200]);
    },
  },
  {
    name: "reads everything, as a whole and in pages",
    async check(side) {
      const client = side.client();
      const pathOf = await storeSomeOfEverything(client);
      const read = reads.filter(({ path }) => !/analytics\/.*scores|events$/.test(path));
      const requests = ["", "?limit=1", "?limit=1&offset=1", "?offset=1000"].flatMap((query) =>
        read.map(({ method, path }) => ({ method, path: pathOf(path) + query })),
      );
      // A template requires the name of a metric.
      expect(await statusesOf(side, requests, client)).toEqual([200, 422]);
    },
  },
];
