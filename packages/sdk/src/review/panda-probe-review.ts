import type {
  ApiPromise,
  PagePromise,
  PandaProbeOptions,
  RequestOptions,
  SessionScoreResponse,
} from "@pandaprobe/sdk";
import type {
  Agreement,
  ClaimReviewItemRequest,
  CompareScoresRequest,
  ComparisonResponse,
  CompletedReview,
  CompleteReviewItemRequest,
  ComputeAgreementRequest,
  CreateReviewQueueRequest,
  CreateSessionScoreRequest,
  CreateSpanScoreRequest,
  GetTraceScoreJudgementQuery,
  ListReviewItemsQuery,
  ListReviewQueuesQuery,
  ListSpanScoresQuery,
  ReleaseReviewItemRequest,
  ReviewClaim,
  ReviewerProgress,
  ReviewItem,
  ReviewQueueResponse,
  ReviewQueueSummary,
  ScoreJudgement,
  SessionScoreRevision,
  SkipReviewItemRequest,
  SpanScoreResponse,
  UpdateReviewQueueRequest,
  UpdateSessionScoreRequest,
  UpdateSpanScoreRequest,
} from "../generated/types.ts";
import { OpenRequests } from "../open-requests.ts";

const queues = "/evaluations/review-queues";

/**
 * Stores people's scores of sessions and spans, and compares judges with people and versions with each other. Options,
 * retries and errors are those of the client in `@pandaprobe/sdk`.
 *
 * @example
 * ```ts
 * import { PandaProbeReview } from "@pandaprobe/sdk/review";
 *
 * const review = new PandaProbeReview();
 * const { n, kappa, kappa_ci } = await review.computeAgreement({ metric: "task_completion" });
 * ```
 */
export class PandaProbeReview {
  readonly #requests: OpenRequests;

  /** @throws PandaProbeError or TypeError, like the client in `@pandaprobe/sdk`. */
  constructor(options: PandaProbeOptions = {}) {
    this.#requests = new OpenRequests(options);
  }

  /**
   * Computes how far a judge agrees with people, over the traces that both scored: κ, error rates, and the pass rate
   * that people would find. Rates are from 0 to 1, and `null` if there are too few traces.
   *
   * @throws ValidationError for a threshold outside 0 to 1.
   * @example
   * ```ts
   * const { pass_rate, not_enough } = await review.computeAgreement({
   *   metric: "task_completion",
   *   judge: { model: "openai/gpt-5.4" },
   *   split: "test",
   * });
   * ```
   */
  computeAgreement(body: ComputeAgreementRequest, options?: RequestOptions): ApiPromise<Agreement> {
    const route = ["POST", "/evaluations/agreements"] as const;
    return this.#requests.request("computeAgreement", route, [], { body }, options);
  }

  /**
   * Adds a score by a person or a program to a session. With an `author_user_id` it counts as a person's, which
   * `prefer: "person"` puts before judges' scores while the session's traces do not change.
   *
   * @throws NotFoundError if the session has no trace; ValidationError if the value does not match `data_type`,
   * NUMERIC by default.
   * @example
   * ```ts
   * await review.createSessionScore({
   *   session_id: "a session",
   *   name: "agent_reliability",
   *   value: "0.2",
   *   reason: "It gave up on the refund after three attempts.",
   *   author_user_id: "ann@example.com",
   * });
   * ```
   */
  createSessionScore(
    body: CreateSessionScoreRequest,
    options?: RequestOptions,
  ): ApiPromise<SessionScoreResponse> {
    const route = ["POST", "/evaluations/session-scores"] as const;
    return this.#requests.request("createSessionScore", route, [], { body }, options);
  }

  /**
   * Changes the given fields of a session's score, which becomes a person's. Its previous state is kept as a
   * revision, and what the judge had said as `judged`.
   *
   * @throws NotFoundError if there is no such score; ValidationError if the value does not match its data type.
   * @example
   * ```ts
   * await review.updateSessionScore(score.id, { value: "0.9", reason: "The refund did arrive." });
   * ```
   */
  updateSessionScore(
    scoreId: string,
    body: UpdateSessionScoreRequest,
    options?: RequestOptions,
  ): ApiPromise<SessionScoreResponse> {
    const route = ["PATCH", "/evaluations/session-scores/:"] as const;
    return this.#requests.request("updateSessionScore", route, [scoreId], { body }, options);
  }

  /**
   * Gets the earlier states of a session's score, oldest first, without the current one.
   *
   * @throws NotFoundError if there is no such score.
   * @example
   * ```ts
   * const [original] = await review.getSessionScoreRevisions(score.id);
   * ```
   */
  getSessionScoreRevisions(scoreId: string, options?: RequestOptions): ApiPromise<SessionScoreRevision[]> {
    const route = ["GET", "/evaluations/session-scores/:/revisions"] as const;
    return this.#requests.request("getSessionScoreRevisions", route, [scoreId], {}, options);
  }

  /**
   * Finds out whether the scores of `b` are worse than those of `a`, or may differ by chance. Each side is a run that
   * has ended or the newest scores of some traces.
   *
   * @throws NotFoundError for an unknown run, BadRequestError for an unknown metric, ValidationError for a run that
   * has not ended.
   * @example
   * ```ts
   * const { verdict, metrics } = await review.compareScores({
   *   a: { filters: { release: "v41" } },
   *   b: { filters: { release: "v42" } },
   *   metrics: ["task_completion"],
   *   pair_by: "metadata.case_id",
   * });
   * ```
   */
  compareScores(body: CompareScoresRequest, options?: RequestOptions): ApiPromise<ComparisonResponse> {
    return this.#requests.request("compareScores", ["POST", "/evaluations/compare"], [], { body }, options);
  }

  /**
   * Adds a score by a person or a program to a span. Runs, analytics and lists of trace scores do not include it.
   *
   * @throws NotFoundError if there is no such span; ValidationError if the value does not match `data_type`, NUMERIC by
   * default.
   * @example
   * ```ts
   * await review.createSpanScore({
   *   trace_id: "11111111-1111-1111-1111-111111111111",
   *   span_id: "22222222-2222-2222-2222-222222222222",
   *   name: "right_tool",
   *   value: "false",
   *   data_type: "BOOLEAN",
   *   author_user_id: "ann@example.com",
   * });
   * ```
   */
  createSpanScore(body: CreateSpanScoreRequest, options?: RequestOptions): ApiPromise<SpanScoreResponse> {
    const route = ["POST", "/evaluations/span-scores"] as const;
    return this.#requests.request("createSpanScore", route, [], { body }, options);
  }

  /**
   * Gets what a judge was asked for a score of a trace, and what it answered, while its answers are stored. No call is
   * made.
   *
   * @throws NotFoundError if there is no such score; ValidationError for a model or repeat that did not judge it.
   * @example
   * ```ts
   * const { questions, note } = await review.getTraceScoreJudgement(score.id);
   * for (const { prompt, answer } of questions) console.log(prompt, answer);
   * ```
   */
  getTraceScoreJudgement(
    scoreId: string,
    query?: GetTraceScoreJudgementQuery,
    options?: RequestOptions,
  ): ApiPromise<ScoreJudgement> {
    const route = ["GET", "/evaluations/trace-scores/:/judgement", "query"] as const;
    return this.#requests.request("getTraceScoreJudgement", route, [scoreId], { query }, options);
  }

  /**
   * Lists the scores of spans that match all filters, newest first. Await it to get one page of `limit` scores (50 by
   * default), or use `for await` to get all from that page on.
   *
   * @throws BadRequestError if `date_from` is not before `date_to`; ValidationError for an invalid filter.
   * @example
   * ```ts
   * const wrong = review.listSpanScores({ name: "right_tool", author_user_id: "ann@example.com" });
   * for await (const { span_id, value, reason } of wrong) console.log(span_id, value, reason);
   * ```
   */
  listSpanScores(query?: ListSpanScoresQuery, options?: RequestOptions): PagePromise<SpanScoreResponse> {
    return this.#requests.page("listSpanScores", ["GET", "/evaluations/span-scores"], [], query, options);
  }

  /**
   * Gets a span's score.
   *
   * @throws NotFoundError if there is no such score.
   * @example
   * ```ts
   * const { value, reason } = await review.getSpanScore(score.id);
   * ```
   */
  getSpanScore(scoreId: string, options?: RequestOptions): ApiPromise<SpanScoreResponse> {
    const route = ["GET", "/evaluations/span-scores/:"] as const;
    return this.#requests.request("getSpanScore", route, [scoreId], {}, options);
  }

  /**
   * Changes the given fields of a span's score, which becomes a person's. Its previous state is not kept.
   *
   * @throws NotFoundError if there is no such score; ValidationError if the value does not match its data type.
   * @example
   * ```ts
   * await review.updateSpanScore(score.id, { value: "true", reason: "The user did ask for flights." });
   * ```
   */
  updateSpanScore(
    scoreId: string,
    body: UpdateSpanScoreRequest,
    options?: RequestOptions,
  ): ApiPromise<SpanScoreResponse> {
    const route = ["PATCH", "/evaluations/span-scores/:"] as const;
    return this.#requests.request("updateSpanScore", route, [scoreId], { body }, options);
  }

  /**
   * Deletes a span's score permanently.
   *
   * @throws NotFoundError if there is no such score.
   * @example
   * ```ts
   * await review.deleteSpanScore(score.id);
   * ```
   */
  deleteSpanScore(scoreId: string, options?: RequestOptions): ApiPromise<undefined> {
    const route = ["DELETE", "/evaluations/span-scores/:"] as const;
    return this.#requests.request("deleteSpanScore", route, [scoreId], {}, options);
  }

  /**
   * Draws traces or sessions for people to score: 50 at random, unless the request says otherwise. The items stay the
   * same.
   *
   * @throws NotFoundError for an unknown run; BadRequestError for an unknown metric or invalid filters;
   * ValidationError if nothing matches or the run has not ended; RateLimitError if the project has 100 queues.
   * @example
   * ```ts
   * const queue = await review.createReviewQueue({
   *   name: "July",
   *   metrics: [{ name: "task_completion" }, { name: "polite", data_type: "BOOLEAN" }],
   *   from: { filters: { environment: "production" } },
   *   reviewers_per_item: 2,
   * });
   * ```
   */
  createReviewQueue(
    body: CreateReviewQueueRequest,
    options?: RequestOptions,
  ): ApiPromise<ReviewQueueResponse> {
    return this.#requests.request("createReviewQueue", ["POST", queues], [], { body }, options);
  }

  /**
   * Lists the review queues, newest first. Await it to get one page of `limit` queues (50 by default), or use `for
   * await` to get all from that page on.
   *
   * @throws ValidationError for an invalid page.
   * @example
   * ```ts
   * for await (const { name, completed_count, item_count } of review.listReviewQueues()) {
   *   console.log(`${name}: ${completed_count} of ${item_count}`);
   * }
   * ```
   */
  listReviewQueues(query?: ListReviewQueuesQuery, options?: RequestOptions): PagePromise<ReviewQueueSummary> {
    return this.#requests.page("listReviewQueues", ["GET", queues], [], query, options);
  }

  /**
   * Gets a review queue with its progress and that of each reviewer.
   *
   * @throws NotFoundError if there is no such queue.
   * @example
   * ```ts
   * const { remaining_count, reviewers } = await review.getReviewQueue(queue.id);
   * ```
   */
  getReviewQueue(queueId: string, options?: RequestOptions): ApiPromise<ReviewQueueResponse> {
    return this.#requests.request("getReviewQueue", ["GET", `${queues}/:`], [queueId], {}, options);
  }

  /**
   * Renames, closes or reopens a review queue. Items of a closed one cannot be claimed.
   *
   * @throws NotFoundError if there is no such queue; ValidationError for an empty change.
   * @example
   * ```ts
   * await review.updateReviewQueue(queue.id, { closed: true });
   * ```
   */
  updateReviewQueue(
    queueId: string,
    body: UpdateReviewQueueRequest,
    options?: RequestOptions,
  ): ApiPromise<ReviewQueueResponse> {
    return this.#requests.request(
      "updateReviewQueue",
      ["PATCH", `${queues}/:`],
      [queueId],
      { body },
      options,
    );
  }

  /**
   * Deletes a review queue with its items. The scores that people gave stay.
   *
   * @throws NotFoundError if there is no such queue.
   * @example
   * ```ts
   * await review.deleteReviewQueue(queue.id);
   * ```
   */
  deleteReviewQueue(queueId: string, options?: RequestOptions): ApiPromise<undefined> {
    return this.#requests.request("deleteReviewQueue", ["DELETE", `${queues}/:`], [queueId], {}, options);
  }

  /**
   * Lists the items of a review queue in its order, with what each reviewer did. Await it to get one page of `limit`
   * items (50 by default), or use `for await` to get all from that page on.
   *
   * @throws NotFoundError if there is no such queue; ValidationError for an invalid filter.
   * @example
   * ```ts
   * for await (const { trace_id, reviews } of review.listReviewItems(queue.id, { status: "SKIPPED" })) {
   *   console.log(trace_id, reviews[0]?.reason);
   * }
   * ```
   */
  listReviewItems(
    queueId: string,
    query?: ListReviewItemsQuery,
    options?: RequestOptions,
  ): PagePromise<ReviewItem> {
    return this.#requests.page("listReviewItems", ["GET", `${queues}/:/items`], [queueId], query, options);
  }

  /**
   * Claims the next item for a reviewer, or the item with the given `item_id`. `item` is `null` if there is nothing to
   * claim. A reviewer with an open claim gets the same item again.
   *
   * @throws NotFoundError if there is no such queue or item; ConflictError if others have taken the item of `item_id`.
   * @example
   * ```ts
   * const { item, note } = await review.claimReviewItem(queue.id, { reviewer: "ana@example.com" });
   * console.log(item?.trace_id ?? note);
   * ```
   */
  claimReviewItem(
    queueId: string,
    body: ClaimReviewItemRequest,
    options?: RequestOptions,
  ): ApiPromise<ReviewClaim> {
    return this.#requests.request(
      "claimReviewItem",
      ["POST", `${queues}/:/claim`],
      [queueId],
      { body },
      options,
    );
  }

  /**
   * Stores a reviewer's scores of an item, and returns the judges' verdicts. Completing it again replaces the scores.
   *
   * @throws NotFoundError if there is no such item; ValidationError for scores that do not fit the queue;
   * ConflictError if the claim has ended and others have taken the item.
   * @example
   * ```ts
   * const { verdicts } = await review.completeReviewItem(queue.id, item.id, {
   *   reviewer: "ana@example.com",
   *   scores: [{ name: "task_completion", value: "0", reason: "It booked the wrong week." }],
   * });
   * for (const { name, judge, agrees } of verdicts) console.log(name, judge?.value, agrees);
   * ```
   */
  completeReviewItem(
    queueId: string,
    itemId: string,
    body: CompleteReviewItemRequest,
    options?: RequestOptions,
  ): ApiPromise<CompletedReview> {
    const route = ["POST", `${queues}/:/items/:/complete`] as const;
    return this.#requests.request("completeReviewItem", route, [queueId, itemId], { body }, options);
  }

  /**
   * Leaves an item to other reviewers.
   *
   * @throws NotFoundError if there is no such item; ValidationError if the reviewer has completed it.
   * @example
   * ```ts
   * await review.skipReviewItem(queue.id, item.id, { reviewer: "ana@example.com", reason: "Not my language." });
   * ```
   */
  skipReviewItem(
    queueId: string,
    itemId: string,
    body: SkipReviewItemRequest,
    options?: RequestOptions,
  ): ApiPromise<ReviewerProgress> {
    const route = ["POST", `${queues}/:/items/:/skip`] as const;
    return this.#requests.request("skipReviewItem", route, [queueId, itemId], { body }, options);
  }

  /**
   * Ends a reviewer's claim on an item, or undoes a skip.
   *
   * @throws NotFoundError if there is no such item.
   * @example
   * ```ts
   * await review.releaseReviewItem(queue.id, item.id, { reviewer: "ana@example.com" });
   * ```
   */
  releaseReviewItem(
    queueId: string,
    itemId: string,
    body: ReleaseReviewItemRequest,
    options?: RequestOptions,
  ): ApiPromise<ReviewerProgress> {
    const route = ["POST", `${queues}/:/items/:/release`] as const;
    return this.#requests.request("releaseReviewItem", route, [queueId, itemId], { body }, options);
  }
}
