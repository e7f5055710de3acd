import type { PandaProbeReview, ReviewMetricRequest } from "@pandaprobe/sdk/review";
import { expect } from "vitest";
import { expectRefusal } from "./expect-refusal.ts";
import { storeTraces, unknownId } from "./samples.ts";
import type { Behaviour, Side } from "./side.ts";

const metrics: ReviewMetricRequest[] = [
  { name: "quality", data_type: "NUMERIC" },
  { name: "topic", data_type: "CATEGORICAL", choices: ["refund", "other"] },
];

/** A project with traces, and a queue of them in the order in which they were stored: by how near judges are to 0.5. */
async function withQueue(side: Side, traces: number, fields: object = {}) {
  const client = side.client();
  const ids = await storeTraces(
    client,
    ...Array.from({ length: traces }, (_, n) => ({ session_id: `s${n}` })),
  );
  for (const [n, trace_id] of ids.entries()) {
    const value = String(0.5 + n / 10);
    await client.createTraceScore({ trace_id, name: "quality", value, source: "PROGRAMMATIC" });
  }
  const queue = await client.review.createReviewQueue({
    name: "a queue",
    metrics,
    order: "uncertainty",
    seed: 1,
    ...fields,
  });
  return { client, review: client.review, queue, ids };
}

async function claimed(review: PandaProbeReview, queueId: string, reviewer: string) {
  const { item } = await review.claimReviewItem(queueId, { reviewer });
  if (item === null) throw new Error("There is an item to claim.");
  return item;
}

export const reviews: readonly Behaviour[] = [
  {
    name: "gives out items, takes scores, and shows what judges say",
    async check(side) {
      const { client, review, queue, ids } = await withQueue(side, 3);
      expect(queue).toMatchObject({ item_count: 3, remaining_count: 3, order: "uncertainty", seed: 1 });
      const first = await claimed(review, queue.id, "ana");
      expect(first).toMatchObject({ position: 1, trace_id: ids[0], verdicts: null });
      expect((await claimed(review, queue.id, "ana")).id).toBe(first.id);
      const second = await claimed(review, queue.id, "ben");
      const given = [
        { name: "quality", value: "4e-1", reason: "It forgot the date." },
        { name: "topic", value: "refund" },
      ];
      const done = await review.completeReviewItem(queue.id, first.id, { reviewer: "ana", scores: given });
      expect(done.verdicts).toMatchObject([
        { name: "quality", agrees: false, judge: { value: "0.5", source: "PROGRAMMATIC" } },
        { name: "topic", agrees: null, judge: null },
      ]);
      await review.skipReviewItem(queue.id, second.id, { reviewer: "ben", reason: "Not mine." });
      const items = await review.listReviewItems(queue.id);
      expect(items.items.map(({ status }) => status)).toEqual(["COMPLETED", "SKIPPED", "OPEN"]);
      expect((await review.listReviewItems(queue.id, { status: "OPEN", limit: 1 })).total).toBe(1);
      expect((await review.listReviewItems(queue.id, { reviewer: "ben" })).items).toHaveLength(1);
      // Newest first, and both were given at once.
      const scores = (await client.listTraceScores({ source: "ANNOTATION", name: "quality" })).items;
      expect(scores).toMatchObject([
        {
          value: "0.4",
          author_user_id: "ana",
          metadata: { selection: "targeted", review_queue_id: queue.id },
        },
      ]);
      const again = { reviewer: "ana", scores: [{ name: "quality", value: "1" }] };
      expect((await review.completeReviewItem(queue.id, first.id, again)).verdicts[0]?.agrees).toBe(true);
      await review.completeReviewItem(queue.id, first.id, again);
      expect((await client.listTraceScores({ source: "ANNOTATION" })).items).toMatchObject([{ value: "1" }]);
      const [score] = (await client.listTraceScores({ source: "ANNOTATION" })).items;
      expect(await client.getTraceScoreRevisions(score?.id ?? "")).toHaveLength(1);
      const seen = await review.claimReviewItem(queue.id, { reviewer: "ana", item_id: first.id });
      expect(seen.item).toMatchObject({ claimed_until: null, verdicts: [{ name: "quality" }, {}] });
      expect(await review.getReviewQueue(queue.id)).toMatchObject({
        completed_count: 1,
        skipped_count: 1,
        remaining_count: 2,
        reviewers: [
          { reviewer: "ana", completed_count: 1, remaining_count: 2 },
          { reviewer: "ben", skipped_count: 1, remaining_count: 1 },
        ],
      });
    },
  },
  {
    name: "says why there is nothing to claim, and who was too late",
    async check(side) {
      const { review, queue } = await withQueue(side, 1);
      const item = await claimed(review, queue.id, "ana");
      const waiting = await review.claimReviewItem(queue.id, { reviewer: "ben" });
      expect(waiting).toMatchObject({
        item: null,
        note: expect.stringMatching(/Others/),
        retry_at: expect.any(String),
      });
      const late = { reviewer: "ben", scores: [{ name: "quality", value: "1" }] };
      await expectRefusal(review.completeReviewItem(queue.id, item.id, late), 409, "claim_lost");
      await expectRefusal(
        review.claimReviewItem(queue.id, { reviewer: "ben", item_id: item.id }),
        409,
        "claim_lost",
      );
      await review.releaseReviewItem(queue.id, item.id, { reviewer: "ana" });
      await review.completeReviewItem(queue.id, item.id, late);
      expect((await review.claimReviewItem(queue.id, { reviewer: "ana" })).note).toMatch(/Nothing is left/);
      await expectRefusal(
        review.skipReviewItem(queue.id, item.id, { reviewer: "ben" }),
        422,
        "validation_error",
        ["body", "reviewer"],
      );
      await review.updateReviewQueue(queue.id, { closed: true, name: "Done" });
      expect((await review.claimReviewItem(queue.id, { reviewer: "ana" })).note).toMatch(/closed/);
      expect((await review.listReviewQueues()).items).toMatchObject([{ name: "Done", completed_count: 1 }]);
      await review.deleteReviewQueue(queue.id);
      await expectRefusal(review.getReviewQueue(queue.id), 404, "not_found");
    },
  },
  {
    name: "orders items by how far judges are apart",
    async check(side) {
      const client = side.client();
      const [calm = "", torn = "", single = ""] = await storeTraces(client, {}, {}, {});
      const judged = async (trace_id: string, value: string, model: string) =>
        await client.createTraceScore({
          trace_id,
          name: "quality",
          value,
          source: "PROGRAMMATIC",
          metadata: { model },
        });
      await judged(torn, "1", "a/one");
      await judged(torn, "0.2", "a/two");
      await judged(calm, "0.6", "a/one");
      await judged(calm, "0.5", "a/two");
      await judged(single, "0.5", "a/one");
      const body = { name: "q", metrics: [{ name: "quality", data_type: "NUMERIC" as const }], seed: 1 };
      const queue = await client.review.createReviewQueue({ ...body, order: "disagreement" });
      const { items } = await client.review.listReviewItems(queue.id);
      expect(items.map(({ trace_id }) => trace_id)).toEqual([torn, calm]);
    },
  },
  {
    name: "reviews sessions, which go with their traces",
    async check(side) {
      const client = side.client();
      const { review } = client;
      const [only = ""] = await storeTraces(
        client,
        { session_id: "one", release: "v1" },
        { session_id: "two" },
      );
      const queue = await review.createReviewQueue({
        name: "sessions",
        target_type: "SESSION",
        metrics: [{ name: "agent_reliability" }],
        from: { filters: { release: "v1" } },
        seed: 1,
        blind: false,
      });
      const item = await claimed(review, queue.id, "ana");
      expect(item).toMatchObject({ session_id: "one", trace_id: null, verdicts: [{ judge: null }] });
      const scores = [{ name: "agent_reliability", value: "1" }];
      await review.completeReviewItem(queue.id, item.id, { reviewer: "ana", scores });
      expect(await client.getSessionScores("one")).toMatchObject([
        { value: "1", author_user_id: "ana", metadata: { selection: "random" } },
      ]);
      await client.deleteTrace(only);
      expect(await review.claimReviewItem(queue.id, { reviewer: "ben" })).toMatchObject({
        item: null,
        progress: { remaining_count: 0 },
      });
      expect((await review.getReviewQueue(queue.id)).item_count).toBe(0);
    },
  },
  {
    name: "draws from runs that have ended",
    async check(side) {
      side.setHeld(true);
      const client = side.client();
      const { review } = client;
      const [one = ""] = await storeTraces(client, {}, {});
      const run = await client.createTraceRunBatch({
        trace_ids: [one],
        metrics: ["coherence"],
        model: "openai/judge",
      });
      const body = { name: "of a run", metrics: [{ name: "coherence" }], from: { run_id: run.id }, seed: 1 };
      await expectRefusal(review.createReviewQueue(body), 422, "run_in_progress");
      await client.cancelTraceRun(run.id);
      side.setHeld(false);
      const sessions = { ...body, target_type: "SESSION" as const, metrics: [{ name: "agent_reliability" }] };
      await expectRefusal(review.createReviewQueue(sessions), 422, "validation_error");
      const queue = await review.createReviewQueue(body);
      expect(await claimed(review, queue.id, "ana")).toMatchObject({ trace_id: one });
      await client.deleteTraceRun(run.id);
      expect(await review.getReviewQueue(queue.id)).toMatchObject({
        run_id: null,
        closed_at: expect.any(String),
        item_count: 1,
      });
      await client.deleteTrace(one);
      expect((await review.listReviewItems(queue.id)).items).toEqual([]);
    },
  },
  {
    name: "refuses what it cannot review",
    async check(side) {
      const { client, review, queue } = await withQueue(side, 1);
      const body = { name: "q", metrics: [{ name: "quality", data_type: "NUMERIC" as const }] };
      const refused: readonly (readonly [object, number, string])[] = [
        [{ metrics: [{ name: "quality" }] }, 400, "unknown_metric"],
        [{ metrics: [{ name: "agent_reliability" }] }, 400, "unknown_metric"],
        [{ metrics: [{ name: "coherence", data_type: "BOOLEAN" }] }, 422, "validation_error"],
        [{ metrics: [{ name: "x", data_type: "CATEGORICAL" }] }, 422, "validation_error"],
        [{ metrics: [{ name: "x", data_type: "BOOLEAN" }], order: "uncertainty" }, 422, "nothing_matches"],
        [{ order: "disagreement" }, 422, "nothing_matches"],
        [{ from: { filters: { release: "v9" } } }, 422, "nothing_matches"],
        [{ from: { filters: { release: 7 } } }, 400, "invalid_filters"],
        [{ from: { run_id: unknownId } }, 404, "not_found"],
        [{ size: 0 }, 422, "validation_error"],
      ];
      for (const [fields, status, code] of refused) {
        const sent = { method: "POST", path: "/evaluations/review-queues", body: { ...body, ...fields } };
        expect(await side.send(sent, client), JSON.stringify(fields)).toMatchObject({
          status,
          body: { code },
        });
      }
      const { id } = await claimed(review, queue.id, "ana");
      const scores: readonly (readonly [{ name: string; value: string }[], string])[] = [
        [[{ name: "other", value: "1" }], "scores.0.name"],
        [[{ name: "topic", value: "sports" }], "scores.0.value"],
        [[{ name: "quality", value: "2" }], "scores.0.value"],
        [
          [
            { name: "quality", value: "1" },
            { name: "quality", value: "1" },
          ],
          "scores.1.name",
        ],
      ];
      for (const [given, place] of scores) {
        const loc = place.split(".").map((key) => (/\d/.test(key) ? Number(key) : key));
        await expectRefusal(
          review.completeReviewItem(queue.id, id, { reviewer: "ana", scores: given }),
          422,
          "validation_error",
          ["body", ...loc],
        );
      }
      const ofNobody = { reviewer: "ana", scores: [{ name: "quality", value: "1" }] };
      await expectRefusal(review.completeReviewItem(queue.id, unknownId, ofNobody), 404, "not_found");
      await expectRefusal(review.releaseReviewItem(unknownId, id, { reviewer: "ana" }), 404, "not_found");
    },
  },
];
