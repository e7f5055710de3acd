import type { ApiPromise } from "../api-promise.ts";
import type {
  ListTracesQuery,
  TraceAccepted,
  TraceCreate,
  TraceListItem,
  TraceResponse,
  TraceUpdate,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";

export interface TraceMethods {
  /**
   * Stores a trace with its spans, or updates the one with this `trace_id`: then only what is sent changes, and spans are
   * merged by `span_id`. Once this resolves, every later request sees it.
   *
   * @throws ValidationError for a field that is missing or wrong, or a body over the server's limit (10 MiB by default).
   * @example
   * ```ts
   * const { trace_id } = await client.createTrace({
   *   name: "answer a question",
   *   started_at: new Date().toISOString(),
   *   input: { question: "What is the capital of France?" },
   *   output: { answer: "Paris" },
   * });
   * ```
   */
  createTrace(body: TraceCreate, options?: RequestOptions): ApiPromise<TraceAccepted>;

  /**
   * Lists traces, newest first unless `sort_by` and `sort_order` say otherwise; all given filters must hold. Awaited, it
   * gives one page (50 unless `limit` says otherwise); `for await` gives all from there on.
   *
   * @throws ValidationError for a filter that cannot be read.
   * @example
   * ```ts
   * for await (const trace of client.listTraces({ status: "ERROR", limit: 200 })) console.log(trace.name);
   * ```
   */
  listTraces(query?: ListTracesQuery, options?: RequestOptions): PagePromise<TraceListItem>;

  /**
   * Gets a trace with its spans, in the order they started.
   *
   * @throws NotFoundError where the project has no such trace.
   * @example
   * ```ts
   * const { spans } = await client.getTrace("11111111-1111-1111-1111-111111111111");
   * ```
   */
  getTrace(traceId: string, options?: RequestOptions): ApiPromise<TraceResponse>;

  /**
   * Changes what is sent of a trace, and nothing else; `null` clears what may be null.
   *
   * @throws NotFoundError where the project has no such trace; ValidationError for a field that is wrong.
   * @example
   * ```ts
   * await client.updateTrace("11111111-1111-1111-1111-111111111111", {
   *   status: "COMPLETED",
   *   ended_at: new Date().toISOString(),
   * });
   * ```
   */
  updateTrace(traceId: string, body: TraceUpdate, options?: RequestOptions): ApiPromise<TraceResponse>;

  /**
   * Deletes a trace, its spans and its scores.
   *
   * @throws NotFoundError where the project has no such trace.
   * @example
   * ```ts
   * await client.deleteTrace("11111111-1111-1111-1111-111111111111");
   * ```
   */
  deleteTrace(traceId: string, options?: RequestOptions): ApiPromise<undefined>;
}
