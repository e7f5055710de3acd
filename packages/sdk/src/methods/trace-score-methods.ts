import type { ApiPromise } from "../api-promise.ts";
import type {
  CreateTraceScoreRequest,
  ListTraceScoresQuery,
  TraceScoreResponse,
  TraceScoreRevision,
  UpdateTraceScoreRequest,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

export interface TraceScoreMethods {
  /**
   * Attaches a person's or a program's score to a trace.
   *
   * @throws NotFoundError where the project has no such trace; ValidationError for a value that its `data_type` does not
   * allow.
   * @example
   * ```ts
   * await client.createTraceScore({
   *   trace_id: "11111111-1111-1111-1111-111111111111",
   *   name: "quality",
   *   value: "0.9",
   *   reason: "Right, and well put.",
   * });
   * ```
   */
  createTraceScore(body: CreateTraceScoreRequest, options?: RequestOptions): ApiPromise<TraceScoreResponse>;

  /**
   * Lists scores of traces, newest first; all given filters must hold. Awaited, it gives one page (50 unless `limit` says
   * otherwise); `for await` gives all from there on.
   *
   * @throws BadRequestError for dates that are crossed; ValidationError for a filter that cannot be read.
   * @example
   * ```ts
   * const { items } = await client.listTraceScores({ name: "task_completion", status: "FAILED" });
   * ```
   */
  listTraceScores(query?: ListTraceScoresQuery, options?: RequestOptions): PagePromise<TraceScoreResponse>;

  /**
   * Gets the newest score of each name that a trace has, whatever its status; nothing for an unknown trace.
   *
   * @throws ValidationError for an id that is none.
   * @example
   * ```ts
   * const scores = await client.getTraceScores("11111111-1111-1111-1111-111111111111");
   * ```
   */
  getTraceScores(traceId: string, options?: RequestOptions): ApiPromise<TraceScoreResponse[]>;

  /**
   * Corrects a score by hand: it then counts as a successful annotation. `metadata` is replaced, not merged; `null`
   * clears `reason` or `metadata`. What stood before is kept: see `getTraceScoreRevisions`.
   *
   * @throws NotFoundError where the project has no such score; ValidationError for a value that the score's `data_type`
   * does not allow.
   * @example
   * ```ts
   * await client.updateTraceScore("22222222-2222-2222-2222-222222222222", {
   *   value: "0.95",
   *   reason: "Revised after a second look.",
   * });
   * ```
   */
  updateTraceScore(
    scoreId: string,
    body: UpdateTraceScoreRequest,
    options?: RequestOptions,
  ): ApiPromise<TraceScoreResponse>;

  /**
   * Gets what a score was before each of its changes, oldest first: of a run's score that a person corrected, the first
   * is the judge's own (`source` AUTOMATED). What it is now is not among them.
   *
   * @throws NotFoundError where the project has no such score.
   * @example
   * ```ts
   * const [original] = await client.getTraceScoreRevisions("22222222-2222-2222-2222-222222222222");
   * if (original?.source === "AUTOMATED") console.log(`The judge said ${original.value}: ${original.reason}`);
   * ```
   */
  getTraceScoreRevisions(scoreId: string, options?: RequestOptions): ApiPromise<TraceScoreRevision[]>;

  /**
   * Deletes a score and its revisions.
   *
   * @throws NotFoundError where the project has no such score.
   * @example
   * ```ts
   * await client.deleteTraceScore("22222222-2222-2222-2222-222222222222");
   * ```
   */
  deleteTraceScore(scoreId: string, options?: RequestOptions): ApiPromise<undefined>;
}
