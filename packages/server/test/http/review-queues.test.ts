import type { Agreement, EvalRunResponse, ReviewQueuePage, TraceScoreResponse } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import type { ApiClient } from "../support/api-client.ts";
import { createRun } from "../support/run-helpers.ts";
import { storeTrace, storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { createQueue, queueBody, queuesPath, type TestQueue } from "./support/reviews.ts";
import { createScore, createSessionScore, unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);
const quality = [{ name: "quality", data_type: "NUMERIC" }];

async function withTraces(count: number, fields: object = {}) {
  const api = server.project();
  const traces = await storeTraces(api, count, { session_id: "s" });
  return { api, traces, queue: await createQueue(api, fields) };
}

async function traceScores(api: ApiClient, query: string): Promise<TraceScoreResponse[]> {
  const { body } = await api.get<{ items: TraceScoreResponse[] }>(`/evaluations/trace-scores?${query}`);
  return body.items;
}

async function tracesOf(queue: TestQueue): Promise<(string | null)[]> {
  return (await queue.items()).map(({ trace_id }) => trace_id);
}

/** Claims end by themselves; the tests do not wait for that. */
async function endClaims(queue: TestQueue): Promise<void> {
  await database.run(
    "update reviews set claimed_until = now_ms() - interval '1 second' where queue_id = $1 and status = 'CLAIMED'",
    [queue.created.id],
  );
}

describe("a queue is drawn", () => {
  test("at random, the same for the same seed, and in another order for another one", async () => {
    const { api, traces, queue } = await withTraces(12);
    const drawn = await tracesOf(queue);
    expect([...drawn].sort()).toEqual([...traces].sort());
    const of = async (fields: object) => tracesOf(await createQueue(api, fields));
    expect(await of({ seed: 7, size: 5 })).toEqual(drawn.slice(0, 5));
    expect(await of({ seed: 8 })).not.toEqual(drawn);
    const unseeded = await createQueue(api, { seed: undefined });
    expect(await of({ seed: unseeded.created.seed })).toEqual(await tracesOf(unseeded));
  });

  test("from what filters match, or a run evaluated, or both", async () => {
    const api = server.project();
    const [first, second] = await storeTraces(api, [
      { release: "v1", session_id: "a" },
      { release: "v1", session_id: "b" },
      { release: "v2", session_id: "c" },
    ]);
    const v1 = { filters: { release: "v1" } };
    expect(new Set(await tracesOf(await createQueue(api, { from: v1 })))).toEqual(new Set([first, second]));
    const sessions = await createQueue(api, { from: v1, target_type: "SESSION" });
    const items = await sessions.items();
    expect(items.map(({ session_id }) => session_id).sort()).toEqual(["a", "b"]);
    const run = await createRun(api, { filters: { session_id: "b" }, sampling_rate: 1 });
    const from = { run_id: run.id };
    expectProblem(await api.post(queuesPath, queueBody({ from })), "run_in_progress");
    await api.post(`/evaluations/trace-runs/${run.id}/cancel`);
    const ofRun = await createQueue(api, { from });
    expect(await tracesOf(ofRun)).toEqual([second]);
    expect(ofRun.created).toMatchObject({ run_id: run.id, item_count: 1, remaining_count: 1 });
    const both = { ...from, filters: { session_id: "a" } };
    expectProblem(await api.post(queuesPath, queueBody({ from: both })), "nothing_matches");
    const wrong = queueBody({ from, target_type: "SESSION" });
    expectProblem(await api.post(queuesPath, wrong), "validation_error", {
      loc: ["body", "from", "run_id"],
      detail: /set target_type to TRACE/,
    });
  });

  test("where judges, votes or repeats differ most", async () => {
    const api = server.project();
    const [two, votes, repeats, same, single] = await storeTraces(api, 5);
    const judged = async (trace: string | undefined, value: string, metadata: object, source?: string) => {
      const { id } = await createScore(api, trace ?? "", { value, source: "PROGRAMMATIC", metadata });
      if (source !== undefined)
        await database.run("update trace_scores set source = $2 where id = $1", [id, source]);
    };
    // An older score of the same judge does not count.
    await judged(two, "0", { model: "a/b" });
    await judged(two, "0.9", { model: "a/b" });
    await judged(two, "0.2", { model: "c/d" });
    const vote = (value: number, applicable = true) => ({ value, applicable });
    await judged(votes, "0.5", { votes: [vote(0.3), vote(0.7), vote(0, false)] }, "AUTOMATED");
    await judged(repeats, "0.5", { repeats: { values: [0.4, null, 0.6] } }, "AUTOMATED");
    await judged(same, "0.5", { model: "a/b" });
    await judged(same, "0.5", { model: "c/d" });
    // A program may store anything as `votes`.
    await judged(single, "0.5", { votes: "many", repeats: { values: [1, 0] } });
    const queue = await createQueue(api, { order: "disagreement" });
    expect(await tracesOf(queue)).toEqual([two, votes, repeats, same]);
    expect(queue.created.order).toBe("disagreement");
    const unjudged = queueBody({ order: "disagreement", metrics: [{ name: "x", data_type: "NUMERIC" }] });
    expectProblem(await api.post(queuesPath, unjudged), "nothing_matches", { detail: /two verdicts/ });
  });

  test("where a judge's own value is nearest to the threshold, even if a person changed it", async () => {
    const api = server.project();
    const [near, far, shaky, changed] = await storeTraces(api, 4);
    const judged = (trace: string | undefined, value: string, metadata: object = {}) =>
      createScore(api, trace ?? "", { value, source: "PROGRAMMATIC", metadata });
    await judged(near, "0.45");
    await judged(far, "1");
    const { id } = await judged(shaky, "0.8", { repeats: { standard_deviation: 0.2 } });
    await database.run("update trace_scores set source = 'AUTOMATED' where id = $1", [id]);
    await api.patch(`/evaluations/trace-scores/${(await judged(changed, "0.5")).id}`, { value: "1" });
    const queue = await createQueue(api, { order: "uncertainty" });
    expect(await tracesOf(queue)).toEqual([changed, near, shaky, far]);
  });

  test.each([
    [{ metrics: [{ name: "task_complete" }] }, "unknown_metric", /data_type/],
    [{ metrics: [{ name: "agent_reliability" }] }, "unknown_metric", /session/],
    [{ metrics: [{ name: "coherence", data_type: "BOOLEAN" }] }, "validation_error", /NUMERIC/],
    [{ metrics: [{ name: "kind", data_type: "CATEGORICAL" }] }, "validation_error", /choices must be given/],
    [
      { metrics: [{ name: "ok", data_type: "BOOLEAN", choices: ["a", "b"] }] },
      "validation_error",
      /leave them/,
    ],
    [{ metrics: [...quality, ...quality] }, "validation_error", /different names/],
    [{ metrics: [] }, "validation_error", /metrics/],
    [{ size: 1001 }, "validation_error", /size/],
    [{ reviewers_per_item: 11 }, "validation_error", /reviewers_per_item/],
    [{ from: { filters: { release: "v9" } } }, "nothing_matches", /No trace matches/],
    [{ from: { filters: { status: "?" } } }, "invalid_filters", /status/],
    [{ from: { run_id: unknownId } }, "not_found", /run/],
  ] as const)("not with %j", async (fields, code, detail) => {
    const api = server.project();
    await storeTrace(api);
    expectProblem(await api.post(queuesPath, queueBody(fields)), code, { detail });
    expect((await api.get<ReviewQueuePage>(queuesPath)).body.total).toBe(0);
  });

  test("with the metrics that people score, as they are at that time", async () => {
    const { api } = await withTraces(1);
    const anchors = [
      { value: 1, text: "rude" },
      { value: 5, text: "kind" },
      { value: 2, text: "cold" },
    ];
    const definition = { kind: "scale", instructions: "How kind is it?", anchors, threshold: 0.7 };
    await api.send("PUT", "/evaluations/metrics/kindness", definition);
    const metrics = [
      { name: "coherence" },
      { name: "kindness" },
      { name: "topic", data_type: "CATEGORICAL", choices: ["refund", "other"] },
    ];
    const { created } = await createQueue(api, { metrics });
    expect(created.metrics).toMatchObject([
      { name: "coherence", data_type: "NUMERIC", threshold: 0.5, choices: null },
      {
        name: "kindness",
        threshold: 0.7,
        choices: [
          { value: "0", label: "rude" },
          { value: "0.25", label: "cold" },
          { value: "1", label: "kind" },
        ],
      },
      { name: "topic", data_type: "CATEGORICAL", threshold: null, description: null },
    ]);
    expect(created.metrics[2]?.choices).toEqual([
      { value: "refund", label: "refund" },
      { value: "other", label: "other" },
    ]);
  });
});

describe("a reviewer", () => {
  test("claims items one by one, keeps a claim, and learns when nothing is left", async () => {
    const { queue } = await withTraces(2);
    const first = await queue.claimed("ana");
    expect(first).toMatchObject({ position: 1, session_id: null, verdicts: null });
    const again = await queue.claimed("ana");
    expect(again).toMatchObject({ id: first.id });
    expect(Date.parse(again.claimed_until ?? "")).toBeGreaterThanOrEqual(
      Date.parse(first.claimed_until ?? ""),
    );
    const other = await queue.claimed("ben");
    expect(other.position).toBe(2);
    expect(await queue.read()).toMatchObject({ item_count: 2, claimed_count: 2, reviewers: [] });
    expect(await queue.claim("cleo")).toEqual({
      item: null,
      note: "Others are reviewing the remaining items. An item that they do not complete in time becomes free again.",
      retry_at: again.claimed_until,
      progress: { reviewer: "cleo", completed_count: 0, skipped_count: 0, remaining_count: 2 },
    });
    const { progress } = await queue.complete(first.id, "ana", "1");
    expect(progress).toEqual({ reviewer: "ana", completed_count: 1, skipped_count: 0, remaining_count: 1 });
    await queue.complete(other.id, "ben", "0");
    expect(await queue.claim("ana")).toMatchObject({
      item: null,
      note: "Nothing is left for this reviewer.",
    });
    expect(await queue.read()).toMatchObject({
      completed_count: 2,
      claimed_count: 0,
      remaining_count: 0,
      reviewers: [{ reviewer: "ana", completed_count: 1 }, { reviewer: "ben" }],
    });
  });

  test("leaves an item to others by skipping it, and can undo that", async () => {
    const { queue } = await withTraces(2);
    const { id } = await queue.claimed("ana");
    expect(await queue.skip(id, "ana", "Not my language.")).toMatchObject({
      skipped_count: 1,
      remaining_count: 1,
    });
    expect((await queue.claimed("ana")).position).toBe(2);
    expect((await queue.items("status=SKIPPED"))[0]).toMatchObject({
      id,
      reviews: [{ reviewer: "ana", status: "SKIPPED", reason: "Not my language.", claimed_until: null }],
    });
    expect((await queue.claimed("ben")).id).toBe(id);
    await queue.release(id, "ben");
    expect(await queue.claimed("ana", { item_id: id })).toMatchObject({ id });
    await queue.skip(id, "ana");
    await queue.release(id, "ana");
    expect((await queue.items("status=OPEN")).map((item) => item.id)).toEqual([id]);
  });

  test("cannot skip or release what they completed", async () => {
    const { api, queue } = await withTraces(1);
    const { id } = await queue.claimed("ana");
    await queue.complete(id, "ana", "1");
    const skip = await api.post(`${queue.path}/items/${id}/skip`, { reviewer: "ana" });
    expectProblem(skip, "validation_error", { detail: /complete it again/ });
    expect(await queue.release(id, "ana")).toMatchObject({ completed_count: 1 });
  });

  test("gets items that others claimed and left", async () => {
    const { queue } = await withTraces(1, { claim_seconds: 60 });
    const { id, claimed_until: until } = await queue.claimed("ana");
    expect(Math.abs(Date.parse(until ?? "") - Date.now() - 60_000)).toBeLessThan(30_000);
    expect((await queue.claim("ben")).item).toBeNull();
    await endClaims(queue);
    expect(await queue.items()).toMatchObject([{ status: "OPEN", reviews: [] }]);
    expect((await queue.claimed("ben")).id).toBe(id);
    expectProblem(await queue.tryComplete(id, "ana", [{ name: "quality", value: "1" }]), "claim_lost", {
      detail: /send them as trace scores/,
    });
    expectProblem(await queue.tryClaim("ana", { item_id: id }), "claim_lost");
    await endClaims(queue);
    // The item is free again, so nothing is lost.
    await queue.complete(id, "ana", "1");
    expectProblem(await queue.tryComplete(id, "ben", [{ name: "quality", value: "0" }]), "claim_lost");
  });

  test("gets no slot twice, however many claim at once", async () => {
    const reviewers = Array.from({ length: 10 }, (_, n) => `r${n}`);
    const { api, queue } = await withTraces(4, { reviewers_per_item: 2 });
    const claims = await Promise.all(reviewers.map((reviewer) => queue.claim(reviewer)));
    const items = claims.flatMap(({ item }) => item?.id ?? []);
    expect(items).toHaveLength(8);
    for (const { id, reviews } of await queue.items()) {
      expect(reviews).toHaveLength(2);
      expect(items.filter((item) => item === id)).toHaveLength(2);
    }
    const answers = await Promise.all(
      claims.map(({ item, progress }) =>
        queue.tryComplete(item?.id ?? items[0] ?? "", progress.reviewer, [{ name: "quality", value: "1" }]),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(8).fill(200), 409, 409]);
    expect(await traceScores(api, "name=quality&limit=200")).toHaveLength(8);
    expect(await queue.read()).toMatchObject({ completed_count: 4, remaining_count: 0 });
  });

  test("gets nothing from a closed queue, and can complete claimed items", async () => {
    const { api, queue } = await withTraces(2);
    const { id } = await queue.claimed("ana");
    const { body } = await api.patch<{ closed_at: string }>(queue.path, { closed: true, name: "Done" });
    expect(body).toMatchObject({ name: "Done", closed_at: expect.any(String) });
    expect(await queue.claim("ana")).toMatchObject({
      item: null,
      note: "The queue is closed.",
      retry_at: null,
    });
    await queue.complete(id, "ana", "1");
    await api.patch(queue.path, { closed: false });
    expect((await queue.claimed("ana")).position).toBe(2);
    expectProblem(await api.patch(queue.path, {}), "validation_error");
  });
});

describe("completing an item", () => {
  test("stores scores by the reviewer, and only then shows the judge's verdict", async () => {
    const api = server.project();
    const trace = await storeTrace(api);
    const judge = { value: "0.2", source: "PROGRAMMATIC", reason: "It lied.", metadata: { model: "a/b" } };
    const { id: judged } = await createScore(api, trace, judge);
    const metrics = [...quality, { name: "polite", data_type: "BOOLEAN" }];
    const queue = await createQueue(api, { metrics });
    const claim = await queue.claim("ana");
    expect(JSON.stringify([claim, await queue.items(), await queue.read()])).not.toMatch(/0\.2|lied|a\/b/);
    const { id } = await queue.claimed("ana");
    const given = [
      { name: "quality", value: "9e-1", reason: "It is true." },
      { name: "polite", value: "TRUE" },
    ];
    const { status, body } = await queue.tryComplete(id, "ana", given);
    expect(status).toBe(200);
    expect(body.verdicts).toEqual([
      {
        name: "quality",
        judge: {
          score_id: judged,
          value: "0.2",
          data_type: "NUMERIC",
          status: "SUCCESS",
          applicable: true,
          reason: "It lied.",
          source: "PROGRAMMATIC",
          model: "a/b",
        },
        agrees: false,
      },
      { name: "polite", judge: null, agrees: null },
    ]);
    const [polite, score] = await traceScores(api, "source=ANNOTATION");
    expect(body.scores).toEqual([
      { score_id: score?.id, name: "quality", data_type: "NUMERIC", value: "0.9", reason: "It is true." },
      { score_id: polite?.id, name: "polite", data_type: "BOOLEAN", value: "true", reason: null },
    ]);
    expect(score).toMatchObject({
      trace_id: trace,
      value: "0.9",
      author_user_id: "ana",
      metadata: { selection: "random", review_queue_id: queue.created.id },
    });
    expect((await queue.items())[0]?.reviews[0]?.score_ids).toEqual([score?.id, polite?.id]);
    // A reviewer who has completed an item may see the scores to compare with.
    expect((await queue.claimed("ana", { item_id: id })).verdicts?.[0]?.judge?.value).toBe("0.2");
    expect((await createQueue(api, { blind: false })).created.blind).toBe(false);
  });

  test("shows the verdicts before scoring if the queue is not blind", async () => {
    const api = server.project();
    await createScore(api, await storeTrace(api), { value: "0.2", source: "PROGRAMMATIC" });
    const queue = await createQueue(api, { blind: false });
    expect((await queue.claimed("ana")).verdicts).toMatchObject([
      { name: "quality", judge: { value: "0.2" }, agrees: null },
    ]);
  });

  test("twice replaces the scores, and keeps the previous ones as revisions", async () => {
    const api = server.project();
    await storeTrace(api);
    const queue = await createQueue(api, { metrics: [...quality, { name: "polite", data_type: "BOOLEAN" }] });
    const { id } = await queue.claimed("ana");
    const both = [
      { name: "quality", value: "1", reason: "Good." },
      { name: "polite", value: "true" },
    ];
    const first = await queue.tryComplete(id, "ana", both);
    await queue.tryComplete(id, "ana", both);
    const second = await queue.complete(id, "ana", "0");
    expect(second.scores[0]?.score_id).toBe(first.body.scores[0]?.score_id);
    const scores = await traceScores(api, "author_user_id=ana");
    expect(scores).toMatchObject([
      { name: "quality", value: "0", reason: null, metadata: { selection: "random" }, judged: null },
    ]);
    const revisions = await api.get(`/evaluations/trace-scores/${scores[0]?.id}/revisions`);
    expect(revisions.body).toMatchObject([{ value: "1", reason: "Good.", author_user_id: "ana" }]);
    await api.delete(`/evaluations/trace-scores/${scores[0]?.id}`);
    await queue.complete(id, "ana", "0.5");
    expect(await traceScores(api, "author_user_id=ana")).toMatchObject([{ value: "0.5" }]);
  });

  test.each([
    [[{ name: "other", value: "1" }], /scores\.0\.name .* its metrics are: quality, topic/],
    [[{ name: "quality", value: "2" }], /scores\.0\.value must be a decimal/],
    [[{ name: "topic", value: "sports" }], /must be one of "refund", "other"/],
    [
      [
        { name: "quality", value: "1" },
        { name: "quality", value: "0" },
      ],
      /scores\.1\.name .* twice/,
    ],
    [[], /scores/],
  ])("is refused with %j", async (scores, detail) => {
    const topic = { name: "topic", data_type: "CATEGORICAL", choices: ["refund", "other"] };
    const { api, queue } = await withTraces(1, { metrics: [...quality, topic] });
    const { id } = await queue.claimed("ana");
    expectProblem(await queue.tryComplete(id, "ana", scores), "validation_error", { detail });
    expect(await traceScores(api, "author_user_id=ana")).toEqual([]);
  });

  test("scores sessions too", async () => {
    const api = server.project();
    await storeTraces(api, 2, { session_id: "s" });
    await createSessionScore(api, "s", { value: "0.9", source: "PROGRAMMATIC" });
    const queue = await createQueue(api, { target_type: "SESSION" });
    const item = await queue.claimed("ana");
    expect(item).toMatchObject({ trace_id: null, session_id: "s" });
    const { verdicts } = await queue.complete(item.id, "ana", "0.8");
    expect(verdicts).toMatchObject([{ judge: { value: "0.9" }, agrees: true }]);
    const { body } = await api.get("/evaluations/session-scores?author_user_id=ana");
    expect(body).toMatchObject({ items: [{ session_id: "s", value: "0.8" }] });
  });
});

test("labels of a random queue count in the rates of agreements, those of others do not", async () => {
  const api = server.project();
  const traces = await storeTraces(api, 8);
  for (const [n, trace] of traces.entries()) {
    await createScore(api, trace, { value: n % 2 === 0 ? "0.9" : "0.1", source: "PROGRAMMATIC" });
  }
  const label = async (queue: TestQueue) => {
    for (let item = (await queue.claim("ana")).item; item !== null; item = (await queue.claim("ana")).item) {
      // The person fails two of the four traces that the judge passes.
      const n = traces.indexOf(item.trace_id ?? "");
      await queue.complete(item.id, "ana", n % 2 === 0 && n > 2 ? "1" : "0");
    }
  };
  await label(await createQueue(api, {}));
  const agreement = async () =>
    (await api.post<Agreement>("/evaluations/agreements", { metric: "quality" })).body;
  const before = await agreement();
  expect(before).toMatchObject({ n: 8, confusion: { tp: 2, fp: 2, fn: 0, tn: 4 } });
  await label(await createQueue(api, { order: "uncertainty", size: 3 }));
  expect(await agreement()).toMatchObject({
    n: 8,
    confusion: before.confusion,
    left_out: { targeted: 3, corrections: 0 },
  });
});

describe("what is deleted", () => {
  test("takes its items with it: traces and sessions", async () => {
    const { api, traces, queue } = await withTraces(3);
    const { id } = await queue.claimed("ana");
    await queue.complete(id, "ana", "1");
    const [{ trace_id: reviewed } = { trace_id: null }] = await queue.items("status=COMPLETED");
    await api.delete(`/traces/${reviewed}`);
    expect(await queue.read()).toMatchObject({ item_count: 2, completed_count: 0, reviewers: [] });
    expectProblem(await queue.tryComplete(id, "ana", [{ name: "quality", value: "1" }]), "not_found");
    const sessions = await createQueue(api, { target_type: "SESSION" });
    await sessions.claimed("ana");
    await api.delete("/sessions/s");
    expect(await sessions.read()).toMatchObject({ item_count: 0, claimed_count: 0 });
    expect(await queue.items()).toEqual([]);
    expect(await database.run("select from reviews where item_id = $1", [id])).toEqual([]);
    expect(traces).toHaveLength(3);
  });

  test("is not claimed any more: a session without traces", async () => {
    const api = server.project();
    const trace = await storeTrace(api, { session_id: "s" });
    const queue = await createQueue(api, { target_type: "SESSION" });
    await api.delete(`/traces/${trace}`);
    expect(await queue.claim("ana")).toMatchObject({ item: null, progress: { remaining_count: 0 } });
  });

  test("closes the queues that were drawn from the run", async () => {
    const { api } = await withTraces(1);
    const run: EvalRunResponse = await createRun(api);
    await api.post(`/evaluations/trace-runs/${run.id}/cancel`);
    const queue = await createQueue(api, { from: { run_id: run.id } });
    await api.delete(`/evaluations/trace-runs/${run.id}`);
    expect(await queue.read()).toMatchObject({ run_id: null, closed_at: expect.any(String), item_count: 1 });
  });

  test("keeps the scores: a queue", async () => {
    const { api, queue } = await withTraces(1);
    await queue.complete((await queue.claimed("ana")).id, "ana", "1");
    expect((await api.delete(queue.path)).status).toBe(204);
    expectProblem(await api.get(queue.path), "not_found");
    expectProblem(await queue.tryClaim("ana"), "not_found");
    expect(await traceScores(api, "author_user_id=ana")).toHaveLength(1);
  });

  test("is not claimed while its trace is being deleted", async () => {
    const { queue } = await withTraces(2);
    const [first] = await queue.items();
    const deletion = await database.hold("delete from traces where trace_id = $1", [first?.trace_id]);
    expect((await queue.claimed("ana")).position).toBe(2);
    await deletion.rollback();
  });

  test("is drawn while one of its traces is being deleted: a session", async () => {
    const api = server.project();
    const ids = await storeTraces(api, [{ session_id: "s" }, { session_id: "s" }]);
    const deletion = await database.hold("delete from traces where trace_id = $1", [ids.sort()[0]]);
    const drawing = createQueue(api, { target_type: "SESSION" });
    const waiting =
      "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    await waitUntil(async () => (await database.run(waiting)).length > 0);
    await deletion.commit();
    expect((await drawing).created.item_count).toBe(1);
  });
});

test("everything at once, including deletions, is answered without an error", async () => {
  const api = server.project();
  const traces = await storeTraces(
    api,
    Array.from({ length: 6 }, (_, n) => ({ session_id: `s${n % 3}` })),
  );
  const queues = [
    await createQueue(api, { reviewers_per_item: 3 }),
    await createQueue(api, { reviewers_per_item: 3, target_type: "SESSION" }),
  ];
  const review = async (queue: TestQueue, reviewer: string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      const { status, body } = await queue.tryClaim(reviewer);
      statuses.push(status);
      const id = status === 200 ? body.item?.id : undefined;
      if (id === undefined) break;
      const scores = [{ name: "quality", value: "1" }];
      statuses.push((await queue.tryComplete(id, reviewer, scores)).status);
      const other = await api.post(`${queue.path}/items/${id}/release`, { reviewer });
      statuses.push(other.status);
    }
    return statuses;
  };
  const answers = await Promise.all([
    ...queues.flatMap((queue) => ["ana", "ben", "cleo", "dan"].map((reviewer) => review(queue, reviewer))),
    ...traces.slice(0, 3).map(async (trace) => [(await api.delete(`/traces/${trace}`)).status]),
    (async () => [(await api.delete("/sessions/s1")).status])(),
    (async () => [(await createQueue(api, { target_type: "SESSION" })).created.item_count > 0 ? 201 : 0])(),
  ]);
  const allowed = [200, 201, 204, 404, 409];
  expect(answers.flat().filter((status) => !allowed.includes(status))).toEqual([]);
  const { item_count, completed_count } = await (queues[0] as TestQueue).read();
  expect(completed_count).toBeLessThanOrEqual(item_count);
  // Traces that were reviewed and then deleted have no scores.
  const left = new Set((await traceScores(api, "limit=200")).map(({ trace_id }) => trace_id));
  expect([...left].filter((trace) => traces.slice(0, 3).includes(trace))).toEqual([]);
});

describe("limits", () => {
  /** Copies a queue without its items, until its project has this many. */
  async function fillQueues({ created }: TestQueue, count: number): Promise<void> {
    await database.run(
      `insert into review_queues (project_id, id, name, target_type, metrics, filters, item_order, seed,
        reviewers_per_item, blind, claim_seconds)
      select project_id, gen_random_uuid(), name, target_type, metrics, filters, item_order, seed, reviewers_per_item,
        blind, claim_seconds from review_queues, generate_series(2, $2) where id = $1`,
      [created.id, count],
    );
  }

  test("a project has 100 queues", async () => {
    const { api, queue } = await withTraces(1);
    await fillQueues(queue, 100);
    expectProblem(await api.post(queuesPath, queueBody()), "quota_exceeded", { detail: /may have 100/ });
    const { body } = await api.get<ReviewQueuePage>(`${queuesPath}?limit=2&offset=99`);
    expect(body).toMatchObject({ total: 100, items: [{ id: queue.created.id, item_count: 1 }] });
  });

  test("a project has at most 100 queues, even if it creates several at once", async () => {
    const { api, queue } = await withTraces(1);
    await fillQueues(queue, 97);
    const answers = await Promise.all(Array.from({ length: 6 }, () => api.post(queuesPath, queueBody())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 429, 429, 429]);
  });

  test("a queue has 100 reviewers", async () => {
    const { queue } = await withTraces(1);
    const [item] = await queue.items();
    await database.run(
      `insert into reviews (project_id, queue_id, item_id, reviewer, status)
      select project_id, queue_id, id, 'r' || n, 'SKIPPED' from review_items, generate_series(1, 100) n where id = $1`,
      [item?.id],
    );
    expectProblem(await queue.tryClaim("ana"), "quota_exceeded", { detail: /100 reviewers/ });
    expect(await queue.claim("r1")).toMatchObject({ item: null });
  });
});

// A plan that compares all scores with all traces would take longer than a statement may.
test("is drawn from 20,000 judged traces without statistics", {
  tags: ["slow"],
  timeout: 120_000,
}, async () => {
  const { api, queue } = await withTraces(1);
  const all =
    "from traces, generate_series(1, 20000) n where project_id = (select project_id from review_queues where id = $1)";
  const { id } = queue.created;
  await database.run(
    `insert into traces (project_id, trace_id, name, status, started_at, session_id, input, output, metadata, tags)
    select project_id, gen_random_uuid(), 't', 'COMPLETED', started_at, 's' || n % 5000, '{}', '{}', '{}', '{}' ${all}`,
    [id],
  );
  for (const [table, target] of [
    ["trace_scores", "trace_id"],
    ["session_scores", "session_id"],
  ]) {
    await database.run(
      `insert into ${table} (project_id, id, ${target}, name, data_type, value, numeric_value, source, status, metadata)
      select project_id, gen_random_uuid(), ${target}, 'quality', 'NUMERIC', '0.5', 0.5, 'AUTOMATED', 'SUCCESS',
        json_build_object('votes', json_build_array(json_build_object('value', random(), 'applicable', true)))
      from traces where project_id = (select project_id from review_queues where id = $1)`,
      [id],
    );
  }
  for (const target_type of ["TRACE", "SESSION"]) {
    for (const order of ["random", "disagreement", "uncertainty"]) {
      const { created } = await createQueue(api, { target_type, order, size: 1000 });
      expect(created.item_count).toBe(1000);
    }
  }
});

test("one reply for each Idempotency-Key", async () => {
  const api = server.project();
  await storeTrace(api);
  const key = { "idempotency-key": "once" };
  const first = await api.post(queuesPath, queueBody(), key);
  expect((await api.post(queuesPath, queueBody(), key)).body).toEqual(first.body);
  expect((await api.get<ReviewQueuePage>(queuesPath)).body.total).toBe(1);
});
