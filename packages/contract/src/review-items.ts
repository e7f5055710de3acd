import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { freeText, text } from "./common/text.ts";
import { ReviewerProgress } from "./review-queues.ts";

const most = limits.reviewQueue;

export const ReviewItemStatus = z.enum(["OPEN", "CLAIMED", "SKIPPED", "COMPLETED"]).meta({
  id: "ReviewItemStatus",
  description:
    "COMPLETED: enough people have completed it. Otherwise CLAIMED: a reviewer has claimed it. SKIPPED: a reviewer has skipped it, and it waits for another one. OPEN: it waits for a reviewer.",
});
export type ReviewItemStatus = z.infer<typeof ReviewItemStatus>;

export const ItemReview = z
  .object({
    reviewer: z.string(),
    status: z.enum(["CLAIMED", "COMPLETED", "SKIPPED"]),
    claimed_until: timestamp.nullable().describe("Only for a claim. Expired claims are left out."),
    ended_at: timestamp.nullable().describe("When it was completed or skipped."),
    reason: z.string().nullable().describe("Why it was skipped."),
    score_ids: z.array(uuid).describe("The reviewer's scores."),
  })
  .meta({ id: "ItemReview", description: "What one person did with an item." });
export type ItemReview = z.infer<typeof ItemReview>;

const target = {
  id: uuid,
  queue_id: uuid,
  position: z.int().describe("From 1, in the order of the queue."),
  trace_id: uuid.nullable().describe("`null` for a session."),
  session_id: z.string().nullable().describe("`null` for a trace."),
};

export const ReviewItem = z
  .object({ ...target, status: ReviewItemStatus, reviews: z.array(ItemReview).describe("By reviewer.") })
  .meta({ id: "ReviewItem", description: "A trace or session of a queue." });
export type ReviewItem = z.infer<typeof ReviewItem>;

export const ReviewItemPage = page("ReviewItemPage", ReviewItem);
export type ReviewItemPage = z.infer<typeof ReviewItemPage>;

export const JudgeOfReview = z
  .object({
    score_id: uuid,
    value: z.string().nullable().describe("`null` if the judge failed."),
    data_type: ScoreDataType,
    status: ScoreStatus,
    applicable: z.boolean().describe("`false`: there was nothing to judge."),
    reason: z.string().nullable().describe(`Its first ${most.judgeReason} characters.`),
    source: ScoreSource,
    model: z.string().nullable().describe("`null` for a jury, and if unknown."),
  })
  .meta({
    id: "JudgeOfReview",
    description: "A judge's newest score of a target, without a person's correction.",
  });
export type JudgeOfReview = z.infer<typeof JudgeOfReview>;

export const ReviewVerdict = z
  .object({
    name: z.string(),
    judge: JudgeOfReview.nullable().describe("`null` if no judge scored it."),
    agrees: z
      .boolean()
      .nullable()
      .describe(
        "Whether judge and reviewer both pass it, both fail it, or name the same category. `null` if either is missing.",
      ),
  })
  .meta({
    id: "ReviewVerdict",
    description: "The judge's verdict on a metric, and whether the reviewer agrees.",
  });
export type ReviewVerdict = z.infer<typeof ReviewVerdict>;

const reviewer = text(1, 255).describe(
  "Who reviews: any label, such as an email address. It becomes the author of the scores.",
);

export const ClaimReviewItemRequest = z
  .strictObject({
    reviewer,
    item_id: uuid
      .optional()
      .describe("This item instead of the next one, to undo a skip or to see a completed item again."),
  })
  .meta({ id: "ClaimReviewItemRequest", examples: [{ reviewer: "ana@example.com" }] });
export type ClaimReviewItemRequest = z.infer<typeof ClaimReviewItemRequest>;

export const ReleaseReviewItemRequest = z
  .strictObject({ reviewer })
  .meta({ id: "ReleaseReviewItemRequest", examples: [{ reviewer: "ana@example.com" }] });
export type ReleaseReviewItemRequest = z.infer<typeof ReleaseReviewItemRequest>;

export const SkipReviewItemRequest = z
  .strictObject({ reviewer, reason: text(0, most.skipReason).nullish() })
  .meta({
    id: "SkipReviewItemRequest",
    examples: [{ reviewer: "ana@example.com", reason: "I do not read Japanese." }],
  });
export type SkipReviewItemRequest = z.infer<typeof SkipReviewItemRequest>;

export const GivenScore = z
  .strictObject({
    name: text(1, limits.label).describe("One of the queue's metrics."),
    value: text(1, limits.label).describe("A value of the metric's data type, or one of its choices."),
    reason: freeText.nullish(),
  })
  .meta({ id: "GivenScore", description: "A reviewer's score." });
export type GivenScore = z.infer<typeof GivenScore>;

export const CompleteReviewItemRequest = z
  .strictObject({
    reviewer,
    scores: list(GivenScore, 1, most.metrics).describe(
      "Each metric at most once. Metrics that are left out get no score from this reviewer.",
    ),
  })
  .meta({
    id: "CompleteReviewItemRequest",
    examples: [
      {
        reviewer: "ana@example.com",
        scores: [{ name: "task_completion", value: "0", reason: "It booked the wrong week." }],
      },
    ],
  });
export type CompleteReviewItemRequest = z.infer<typeof CompleteReviewItemRequest>;

export const ClaimedReviewItem = z
  .object({
    ...target,
    claimed_until: timestamp
      .nullable()
      .describe(
        "To keep the item longer, claim it again. `null` for an item that the reviewer has completed.",
      ),
    verdicts: z
      .array(ReviewVerdict)
      .nullable()
      .describe("The judges' verdicts. `null` in a blind queue until the reviewer has completed the item."),
  })
  .meta({ id: "ClaimedReviewItem" });
export type ClaimedReviewItem = z.infer<typeof ClaimedReviewItem>;

export const ReviewClaim = z
  .object({
    item: ClaimedReviewItem.nullable().describe("`null`: there is nothing to claim now."),
    note: z.string().nullable().describe("Why there is nothing to claim."),
    retry_at: timestamp
      .nullable()
      .describe(
        "When the first claim of another reviewer ends, if there may be an item for this reviewer then.",
      ),
    progress: ReviewerProgress,
  })
  .meta({ id: "ReviewClaim", description: "The next item of a reviewer." });
export type ReviewClaim = z.infer<typeof ReviewClaim>;

export const ReviewedScore = z
  .object({
    score_id: uuid,
    name: z.string(),
    data_type: ScoreDataType,
    value: z.string(),
    reason: z.string().nullable(),
  })
  .meta({ id: "ReviewedScore", description: "A reviewer's score as it is stored." });
export type ReviewedScore = z.infer<typeof ReviewedScore>;

export const CompletedReview = z
  .object({
    scores: z.array(ReviewedScore),
    verdicts: z.array(ReviewVerdict).describe("The judges' verdicts, one for each of the queue's metrics."),
    progress: ReviewerProgress,
  })
  .meta({ id: "CompletedReview" });
export type CompletedReview = z.infer<typeof CompletedReview>;

const queueId = z.object({ queue_id: uuid });
const itemId = z.object({ queue_id: uuid, item_id: uuid });
const reviews = {
  tag: "Review queues",
  scope: "evaluate",
  errors: ["not_found", "claim_lost", "quota_exceeded"],
} as const satisfies RouteMetadata;

export const reviewItems = c.router({
  listReviewItems: {
    method: "GET",
    path: "/evaluations/review-queues/:queue_id/items",
    summary: "List the items of a review queue",
    description: "In the order of the queue, with what each reviewer did.",
    metadata: { ...reviews, scope: "read", errors: ["not_found"] },
    pathParams: queueId,
    query: z.object({
      status: ReviewItemStatus.optional(),
      reviewer: text(1, 255)
        .optional()
        .describe("Only items that this reviewer claimed, completed or skipped."),
      ...paging(),
    }),
    responses: { 200: ReviewItemPage },
  },
  claimReviewItem: {
    method: "POST",
    path: "/evaluations/review-queues/:queue_id/claim",
    summary: "Claim the next item",
    description:
      "The first item that needs reviewers and that this reviewer has neither completed nor skipped. A reviewer with an open claim gets the same item again, and its claim starts anew.",
    metadata: reviews,
    pathParams: queueId,
    body: ClaimReviewItemRequest,
    responses: { 200: ReviewClaim },
  },
  completeReviewItem: {
    method: "POST",
    path: "/evaluations/review-queues/:queue_id/items/:item_id/complete",
    summary: "Complete an item",
    description:
      "Stores the scores as ANNOTATION scores by the reviewer, and answers with the judges' verdicts. Completing it again replaces the reviewer's scores. This also works after the claim has ended, unless others have taken the item.",
    metadata: { ...reviews, masked: "scores" },
    pathParams: itemId,
    body: CompleteReviewItemRequest,
    responses: { 200: CompletedReview },
  },
  skipReviewItem: {
    method: "POST",
    path: "/evaluations/review-queues/:queue_id/items/:item_id/skip",
    summary: "Skip an item",
    description:
      "Leaves it to other reviewers. This reviewer does not get it again, unless they release it or claim it by its id. A completed item cannot be skipped.",
    metadata: { ...reviews, masked: "score", errors: ["not_found", "quota_exceeded"] },
    pathParams: itemId,
    body: SkipReviewItemRequest,
    responses: { 200: ReviewerProgress },
  },
  releaseReviewItem: {
    method: "POST",
    path: "/evaluations/review-queues/:queue_id/items/:item_id/release",
    summary: "Release an item",
    description:
      "Ends the reviewer's claim or undoes a skip, so that any reviewer can claim the item. A completed item stays completed.",
    metadata: { ...reviews, errors: ["not_found"] },
    pathParams: itemId,
    body: ReleaseReviewItemRequest,
    responses: { 200: ReviewerProgress },
  },
});
