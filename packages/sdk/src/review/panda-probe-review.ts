import type { ApiPromise, PandaProbeOptions, RequestOptions, SessionScoreResponse } from "@pandaprobe/sdk";
import type {
  Agreement,
  CompareScoresRequest,
  ComparisonResponse,
  ComputeAgreementRequest,
  CreateSessionScoreRequest,
  SessionScoreRevision,
  UpdateSessionScoreRequest,
} from "../generated/types.ts";
import { OpenRequests } from "../open-requests.ts";

/**
 * Stores what people say of sessions, and compares judges with people and versions with each other. Options, retries and
 * errors are those of the client in `@pandaprobe/sdk`.
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

  /** @throws PandaProbeError or TypeError, as the client of `@pandaprobe/sdk`. */
  constructor(options: PandaProbeOptions = {}) {
    this.#requests = new OpenRequests(options);
  }

  /**
   * Computes how far a judge agrees with people, over the traces that both scored: κ, error rates, and the pass rate that
   * people would find. Rates are from 0 to 1, and `null` where there are too few traces.
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
   * Adds a score by a person or a program to a session. With an `author_user_id` it is a person's word, which
   * `prefer: "person"` puts before judges' scores while the session's traces stay as they are.
   *
   * @throws NotFoundError if the session has no trace; ValidationError if the value does not fit `data_type`, NUMERIC by
   * default.
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
   * Changes the given fields of a session's score, which becomes a person's. Its previous state is kept as a revision, and
   * what the judge had said as `judged`.
   *
   * @throws NotFoundError if there is no such score; ValidationError if the value does not fit its data type.
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
   * Gets what a session's score was before each of its changes, oldest first. The current state is not among them.
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
   * Says whether the scores of `b` are worse than those of `a`, or may differ by chance. Each side is a run that has ended
   * or the newest scores of some traces.
   *
   * @throws NotFoundError for an unknown run, BadRequestError for an unknown metric, ValidationError for a run that has not
   * ended.
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
}
