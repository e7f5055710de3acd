import type { ApiPromise } from "../api-promise.ts";
import type {
  ListSpansQuery,
  SpanCreate,
  SpanPage,
  SpanResponse,
  SpansAccepted,
  SpanUpdate,
} from "../generated/types.ts";
import type { RequestOptions } from "../request-options.ts";

export interface SpanMethods {
  /**
   * Adds 1 to 500 spans to a trace, or updates those it has, by `span_id`: then only what is sent changes.
   *
   * @throws NotFoundError where the project has no such trace; ValidationError for a field that is missing or wrong, and no
   * span is stored.
   * @example
   * ```ts
   * const { span_ids } = await client.createSpans("11111111-1111-1111-1111-111111111111", [
   *   { name: "search", kind: "TOOL", started_at: new Date().toISOString(), input: { query: "Paris" } },
   * ]);
   * ```
   */
  createSpans(traceId: string, spans: SpanCreate[], options?: RequestOptions): ApiPromise<SpansAccepted>;

  /**
   * Lists the spans of a trace in the order they started, a page at a time: for traces that are too large to be read whole.
   *
   * @throws NotFoundError where the project has no such trace, or the trace no span of that cursor.
   * @example
   * ```ts
   * let cursor: string | undefined;
   * do {
   *   const page = await client.listSpans("11111111-1111-1111-1111-111111111111", { cursor, limit: 500 });
   *   for (const span of page.items) console.log(span.name);
   *   cursor = page.next_cursor ?? undefined;
   * } while (cursor !== undefined);
   * ```
   */
  listSpans(traceId: string, query?: ListSpansQuery, options?: RequestOptions): ApiPromise<SpanPage>;

  /**
   * Changes what is sent of a span, and nothing else; `null` clears what may be null.
   *
   * @throws NotFoundError where the project has no such trace or span.
   * @example
   * ```ts
   * await client.updateSpan(
   *   "11111111-1111-1111-1111-111111111111",
   *   "22222222-2222-2222-2222-222222222222",
   *   { status: "OK", ended_at: new Date().toISOString() },
   * );
   * ```
   */
  updateSpan(
    traceId: string,
    spanId: string,
    body: SpanUpdate,
    options?: RequestOptions,
  ): ApiPromise<SpanResponse>;
}
