import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { boolean } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { EvalRunFilters } from "./trace-runs.ts";

const most = limits.reviewQueue;

export const ReviewOrder = z.enum(["random", "disagreement", "uncertainty"]).meta({
  id: "ReviewOrder",
  description:
    "`random`: drawn by the seed, each as likely as any other. `disagreement`: those on which judges, votes of a jury or repeats differ most come first. `uncertainty`: those whose newest judge's value is nearest to the threshold come first; the standard deviation of its repeats is subtracted from the distance. Labels of a random queue are `random`, those of the others `targeted`.",
});
export type ReviewOrder = z.infer<typeof ReviewOrder>;

export const ReviewMetricRequest = z
  .strictObject({
    name: text(1, limits.label).describe(
      "A metric of the queue's targets, built-in or your own; with `data_type`, any label.",
    ),
    data_type: ScoreDataType.optional().describe(
      "Makes the name a label of your own. Scores of metrics are NUMERIC. Default: NUMERIC, and the name must be a metric's.",
    ),
    choices: list(text(1, limits.label), 2, most.choices)
      .optional()
      .describe("The values of a CATEGORICAL label. Required for it, and rejected for other labels."),
  })
  .superRefine(({ data_type, choices }, context) => {
    const refuse = (message: string) => context.addIssue({ code: "custom", path: ["choices"], message });
    if (data_type === "CATEGORICAL") {
      if (choices === undefined) refuse("must be given for CATEGORICAL: reviewers choose one of them");
      else if (new Set(choices).size < choices.length) refuse("must be different from each other");
    } else if (choices !== undefined) refuse("work only with CATEGORICAL: leave them out");
  })
  .meta({ id: "ReviewMetricRequest", description: "What reviewers score." });
export type ReviewMetricRequest = z.infer<typeof ReviewMetricRequest>;

export const ReviewSource = z
  .strictObject({
    run_id: uuid.optional().describe("Only the targets of this run, which must have ended."),
    filters: EvalRunFilters.optional().describe("Only these traces, or sessions with such a trace."),
  })
  .meta({ id: "ReviewSource", description: "What a queue is drawn from. Default: all traces or sessions." });
export type ReviewSource = z.infer<typeof ReviewSource>;

const seed = z.int().min(0).max(4_294_967_295);
const name = text(1, limits.label);

export const CreateReviewQueueRequest = z
  .strictObject({
    name,
    target_type: z.enum(["TRACE", "SESSION"]).default("TRACE").describe("What people review."),
    metrics: list(ReviewMetricRequest, 1, most.metrics)
      .refine((metrics) => new Set(metrics.map((metric) => metric.name)).size === metrics.length, {
        error: "must have different names",
      })
      .describe("What they score."),
    from: ReviewSource.default({}),
    order: ReviewOrder.default("random"),
    size: z.int().min(1).max(most.items).default(50).describe("The most items that the queue gets."),
    reviewers_per_item: z
      .int()
      .min(1)
      .max(most.reviewersPerItem)
      .default(1)
      .describe(
        "How many people review each item. With two or more, agreements also show how far they agree with each other.",
      ),
    blind: boolean
      .default(true)
      .meta({ default: true })
      .describe("Whether reviewers see judges' verdicts only after they have completed an item."),
    claim_seconds: z
      .int()
      .min(1)
      .max(most.claimSeconds)
      .default(900)
      .describe("After how many seconds a claimed item that is not completed goes to another reviewer."),
    seed: seed.optional().describe("The same seed draws the same items. Default: a random one."),
  })
  .meta({
    id: "CreateReviewQueueRequest",
    examples: [
      {
        name: "Did it do the task? July",
        metrics: [{ name: "task_completion" }, { name: "polite", data_type: "BOOLEAN" }],
        from: { filters: { date_from: "2026-07-01", environment: "production" } },
        size: 100,
        reviewers_per_item: 2,
      },
    ],
  });
export type CreateReviewQueueRequest = z.infer<typeof CreateReviewQueueRequest>;

export const UpdateReviewQueueRequest = z
  .strictObject({
    name: name.optional(),
    closed: boolean
      .optional()
      .describe("`true`: no item can be claimed. Claimed items can still be completed."),
  })
  .refine((body) => Object.keys(body).length > 0, { error: "must have at least one of name and closed" })
  .meta({ id: "UpdateReviewQueueRequest", examples: [{ closed: true }] });
export type UpdateReviewQueueRequest = z.infer<typeof UpdateReviewQueueRequest>;

export const ReviewChoice = z
  .object({ value: z.string().describe("As in a score."), label: z.string() })
  .meta({ id: "ReviewChoice", description: "A value, and what it means." });
export type ReviewChoice = z.infer<typeof ReviewChoice>;

export const ReviewedMetric = z
  .object({
    name: z.string(),
    data_type: ScoreDataType,
    description: z.string().nullable().describe("Of the metric. `null` for a label of your own."),
    threshold: z.number().nullable().describe("A value at or above it is a pass. `null` for CATEGORICAL."),
    choices: z
      .array(ReviewChoice)
      .nullable()
      .describe(
        "For CATEGORICAL, the values that a score may have. For a scale, its anchors; a score may lie between them. `null`: any value of the type.",
      ),
  })
  .meta({ id: "ReviewedMetric", description: "What reviewers score, as it was when the queue was created." });
export type ReviewedMetric = z.infer<typeof ReviewedMetric>;

export const ReviewerProgress = z
  .object({
    reviewer: z.string(),
    completed_count: z.int(),
    skipped_count: z.int(),
    remaining_count: z
      .int()
      .describe("Items that this reviewer has neither completed nor skipped and that need reviewers."),
  })
  .meta({ id: "ReviewerProgress" });
export type ReviewerProgress = z.infer<typeof ReviewerProgress>;

const summary = {
  id: uuid,
  name: z.string(),
  target_type: z.enum(["TRACE", "SESSION"]),
  metrics: z.array(ReviewedMetric),
  run_id: uuid
    .nullable()
    .describe("The run that it was drawn from. `null` without a run, and after the run is deleted."),
  filters: EvalRunFilters.describe("As they were sent."),
  order: ReviewOrder,
  seed: z.int(),
  reviewers_per_item: z.int(),
  blind: z.boolean(),
  claim_seconds: z.int(),
  closed_at: timestamp.nullable().describe("`null`: it is open."),
  item_count: z.int().describe("All items: completed, claimed, skipped, and open ones."),
  completed_count: z.int().describe("Items that enough people have completed."),
  claimed_count: z.int().describe("Items that are not completed, and that a reviewer has claimed."),
  skipped_count: z
    .int()
    .describe("Items that a reviewer skipped, and that are neither completed nor claimed."),
  remaining_count: z.int().describe("All items that are not completed."),
  created_at: timestamp,
  updated_at: timestamp,
};

export const ReviewQueueSummary = z.object(summary).meta({ id: "ReviewQueueSummary" });
export type ReviewQueueSummary = z.infer<typeof ReviewQueueSummary>;

export const ReviewQueueResponse = z
  .object({
    ...summary,
    reviewers: z
      .array(ReviewerProgress)
      .describe("The people who completed or skipped items, sorted by name."),
  })
  .meta({ id: "ReviewQueueResponse", description: "Traces or sessions for people to score." });
export type ReviewQueueResponse = z.infer<typeof ReviewQueueResponse>;

export const ReviewQueuePage = page("ReviewQueuePage", ReviewQueueSummary);
export type ReviewQueuePage = z.infer<typeof ReviewQueuePage>;

const queueId = z.object({ queue_id: uuid });
const reads = { tag: "Review queues", scope: "read", errors: ["not_found"] } as const satisfies RouteMetadata;
const writes = { ...reads, scope: "evaluate" } as const satisfies RouteMetadata;

export const reviewQueues = c.router({
  createReviewQueue: {
    method: "POST",
    path: "/evaluations/review-queues",
    summary: "Create a review queue",
    description: `Draws traces or sessions for people to score. The items are drawn now and stay the same. A project may have ${most.perProject} queues.`,
    metadata: {
      ...writes,
      audit: "review_queue.created",
      errors: [
        "invalid_filters",
        "unknown_metric",
        "not_found",
        "run_in_progress",
        "nothing_matches",
        "quota_exceeded",
      ],
      requestHeaders: idempotencyKeyHeader,
      responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
    },
    body: CreateReviewQueueRequest,
    responses: { 201: ReviewQueueResponse },
  },
  listReviewQueues: {
    method: "GET",
    path: "/evaluations/review-queues",
    summary: "List review queues",
    description: "Newest first.",
    metadata: { ...reads, errors: [] },
    query: z.object(paging()),
    responses: { 200: ReviewQueuePage },
  },
  getReviewQueue: {
    method: "GET",
    path: "/evaluations/review-queues/:queue_id",
    summary: "Get a review queue",
    description: "Its settings, its progress, and that of each reviewer.",
    metadata: reads,
    pathParams: queueId,
    responses: { 200: ReviewQueueResponse },
  },
  updateReviewQueue: {
    method: "PATCH",
    path: "/evaluations/review-queues/:queue_id",
    summary: "Rename, close or reopen a review queue",
    metadata: { ...writes, audit: "review_queue.changed" },
    pathParams: queueId,
    body: UpdateReviewQueueRequest,
    responses: { 200: ReviewQueueResponse },
  },
  deleteReviewQueue: {
    method: "DELETE",
    path: "/evaluations/review-queues/:queue_id",
    summary: "Delete a review queue",
    description: "With its items. The scores that people gave stay.",
    metadata: { ...writes, audit: "review_queue.deleted" },
    pathParams: queueId,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
