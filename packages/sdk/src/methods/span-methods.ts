import type { ApiPromise } from "../api-promise.ts";
import type { SpanCreate, SpanResponse, SpansAccepted, SpanUpdate } from "../generated/types.ts";
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
