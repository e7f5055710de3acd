import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { expect, it } from "vitest";
import { otherOperations } from "../scripts/operations.ts";
import { apiKey } from "./support/test-client.ts";
import { sendJson, startTestServer } from "./support/test-server.ts";

const id = "66666666-6666-4666-8666-666666666666";
const agreement = { metric: "quality", split: "test" } as const;
const comparison = {
  a: { filters: { release: "v1" } },
  b: { run_id: id },
  metrics: ["quality"],
  pair_by: "input",
};
const sessionScore = { session_id: "a/b", name: "quality", value: "0.5", author_user_id: "ann" };

const item = "77777777-7777-4777-8777-777777777777";
const queue = { name: "July", metrics: [{ name: "polite", data_type: "BOOLEAN" as const }] };
const completion = { reviewer: "ann", scores: [{ name: "polite", value: "true" }] };
const spanScore = { trace_id: id, span_id: id, name: "right_tool", value: "1" };

const calls: Record<
  string,
  [call: (review: PandaProbeReview) => Promise<unknown>, sent: string, body?: unknown]
> = {
  computeAgreement: [
    (review) => review.computeAgreement(agreement),
    "POST /evaluations/agreements",
    agreement,
  ],
  compareScores: [(review) => review.compareScores(comparison), "POST /evaluations/compare", comparison],
  createSessionScore: [
    (review) => review.createSessionScore(sessionScore),
    "POST /evaluations/session-scores",
    sessionScore,
  ],
  updateSessionScore: [
    (review) => review.updateSessionScore(id, { value: "1" }),
    `PATCH /evaluations/session-scores/${id}`,
    { value: "1" },
  ],
  getSessionScoreRevisions: [
    (review) => review.getSessionScoreRevisions(id),
    `GET /evaluations/session-scores/${id}/revisions`,
  ],
  getTraceScoreJudgement: [
    (review) => review.getTraceScoreJudgement(id, { repeat: 2 }),
    `GET /evaluations/trace-scores/${id}/judgement?repeat=2`,
  ],
  createSpanScore: [
    (review) => review.createSpanScore(spanScore),
    "POST /evaluations/span-scores",
    spanScore,
  ],
  listSpanScores: [
    (review) => review.listSpanScores({ span_id: id, source: "ANNOTATION" }),
    `GET /evaluations/span-scores?span_id=${id}&source=ANNOTATION`,
  ],
  getSpanScore: [(review) => review.getSpanScore(id), `GET /evaluations/span-scores/${id}`],
  updateSpanScore: [
    (review) => review.updateSpanScore(id, { value: "1" }),
    `PATCH /evaluations/span-scores/${id}`,
    { value: "1" },
  ],
  createReviewQueue: [(review) => review.createReviewQueue(queue), "POST /evaluations/review-queues", queue],
  listReviewQueues: [
    (review) => review.listReviewQueues({ limit: 5 }),
    "GET /evaluations/review-queues?limit=5",
  ],
  getReviewQueue: [(review) => review.getReviewQueue(id), `GET /evaluations/review-queues/${id}`],
  updateReviewQueue: [
    (review) => review.updateReviewQueue(id, { closed: true }),
    `PATCH /evaluations/review-queues/${id}`,
    { closed: true },
  ],
  deleteReviewQueue: [(review) => review.deleteReviewQueue(id), `DELETE /evaluations/review-queues/${id}`],
  listReviewItems: [
    (review) => review.listReviewItems(id, { status: "SKIPPED", reviewer: "ann" }),
    `GET /evaluations/review-queues/${id}/items?status=SKIPPED&reviewer=ann`,
  ],
  claimReviewItem: [
    (review) => review.claimReviewItem(id, { reviewer: "ann" }),
    `POST /evaluations/review-queues/${id}/claim`,
    { reviewer: "ann" },
  ],
  completeReviewItem: [
    (review) => review.completeReviewItem(id, item, completion),
    `POST /evaluations/review-queues/${id}/items/${item}/complete`,
    completion,
  ],
  skipReviewItem: [
    (review) => review.skipReviewItem(id, item, { reviewer: "ann", reason: "Not mine." }),
    `POST /evaluations/review-queues/${id}/items/${item}/skip`,
    { reviewer: "ann", reason: "Not mine." },
  ],
  releaseReviewItem: [
    (review) => review.releaseReviewItem(id, item, { reviewer: "ann" }),
    `POST /evaluations/review-queues/${id}/items/${item}/release`,
    { reviewer: "ann" },
  ],
  deleteSpanScore: [(review) => review.deleteSpanScore(id), `DELETE /evaluations/span-scores/${id}`],
};

it("covers every operation", () => {
  expect(
    otherOperations("review")
      .map((operation) => operation.id)
      .sort(),
  ).toEqual(Object.keys(calls).sort());
});

it.each(Object.entries(calls))("%s sends what the contract describes", async (_, [call, sent, body]) => {
  await using server = await startTestServer((response) => sendJson(response, 200, { n: 30 }));
  const review = new PandaProbeReview({ ...server, apiKey, projectName: "shop" });
  await expect(call(review)).resolves.toEqual({ n: 30 });
  const [request] = server.requests;
  expect(`${request?.method} ${request?.url}`).toBe(sent);
  expect(request?.body).toBe(body === undefined ? "" : JSON.stringify(body));
  expect(request?.headers).toMatchObject({ "x-api-key": apiKey, "x-project-name": "shop" });
});
