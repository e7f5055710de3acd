import type {
  BatchCreateRequest,
  BatchCreateResponse,
  BatchDeleteRequest,
  BatchDeleteResponse,
  BatchTagsRequest,
  BatchTagsResponse,
  ListSpansQuery,
  ListTracesQuery,
  SpanCreate,
  SpanPage,
  SpanResponse,
  SpansAccepted,
  SpanUpdate,
  TraceAccepted,
  TraceCreate,
  TraceListItem,
  TraceResponse,
  TraceUpdate,
} from "../generated/types.ts";
import type { ApiPromise } from "../http/api-promise.ts";
import type { KeysetPage, PagePromise } from "../http/page-promise.ts";
import type { RequestOptions } from "../options/request-options.ts";

/** The methods for traces and their spans. */
export interface TraceMethods {
  /**
   * Stores a trace with its spans. If a trace with this `trace_id` exists, it is updated: only the fields that you send
   * change, and spans are merged by `span_id`. Once this resolves, every later request sees the trace.
   *
   * @throws ValidationError for a missing or invalid field, or a body over the server's limit (10 MiB by default).
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
   * Lists the traces that match all filters, newest first (see `sort_by` and `sort_order`). Await it to get one page of
   * `limit` traces (50 by default), or use `for await` to get all from that page on.
   *
   * @throws ValidationError for an invalid filter.
   * @example
   * ```ts
   * for await (const trace of client.listTraces({ status: "ERROR", limit: 200 })) console.log(trace.name);
   * ```
   */
  listTraces(
    query?: ListTracesQuery,
    options?: RequestOptions,
  ): PagePromise<TraceListItem, KeysetPage<TraceListItem>>;

  /**
   * Gets a trace with its spans, in the order they started.
   *
   * @throws NotFoundError if the project has no such trace.
   * @example
   * ```ts
   * const { spans } = await client.getTrace("11111111-1111-1111-1111-111111111111");
   * ```
   */
  getTrace(traceId: string, options?: RequestOptions): ApiPromise<TraceResponse>;

  /**
   * Changes the fields of a trace that you send; `null` clears a field that may be null.
   *
   * @throws NotFoundError if the project has no such trace; ValidationError for an invalid field.
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
   * @throws NotFoundError if the project has no such trace.
   * @example
   * ```ts
   * await client.deleteTrace("11111111-1111-1111-1111-111111111111");
   * ```
   */
  deleteTrace(traceId: string, options?: RequestOptions): ApiPromise<undefined>;

  /**
   * Adds 1 to 500 spans to a trace. A span with the `span_id` of an existing one updates it: only the fields that you
   * send change.
   *
   * @throws NotFoundError if the project has no such trace; ValidationError for a missing or invalid field, and then
   * no span is stored.
   * @example
   * ```ts
   * const { span_ids } = await client.createSpans("11111111-1111-1111-1111-111111111111", [
   *   { name: "search", kind: "TOOL", started_at: new Date().toISOString(), input: { query: "Paris" } },
   * ]);
   * ```
   */
  createSpans(traceId: string, spans: SpanCreate[], options?: RequestOptions): ApiPromise<SpansAccepted>;

  /**
   * Lists the spans of a trace in the order they started, a page at a time: for traces too large for `getTrace`.
   *
   * @throws NotFoundError if the project has no such trace, or the trace no span with the id in `cursor`.
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
   * Changes the fields of a span that you send; `null` clears a field that may be null.
   *
   * @throws NotFoundError if the project has no such trace or span.
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

  /**
   * Stores 1 to 100 traces in one request, each as `createTrace` does. An invalid trace is rejected without affecting
   * the others; the promise still resolves, so check `rejected`.
   *
   * @throws ValidationError for no traces or more than 100, or a body over the server's limit (10 MiB by default).
   * @example
   * ```ts
   * const { items, rejected } = await client.createTraceBatch({
   *   traces: [
   *     { name: "first question", started_at: "2026-03-01T09:00:00Z" },
   *     { name: "second question", started_at: "2026-03-01T09:00:05Z" },
   *   ],
   * });
   * if (rejected > 0) console.error(items.filter(({ status }) => status === "rejected"));
   * ```
   */
  createTraceBatch(body: BatchCreateRequest, options?: RequestOptions): ApiPromise<BatchCreateResponse>;

  /**
   * Deletes up to 500 traces with their spans and scores. Ids that the project does not have are ignored.
   *
   * @throws ValidationError for an invalid id.
   * @example
   * ```ts
   * const { deleted } = await client.deleteTraces({
   *   trace_ids: ["11111111-1111-1111-1111-111111111111"],
   * });
   * ```
   */
  deleteTraces(body: BatchDeleteRequest, options?: RequestOptions): ApiPromise<BatchDeleteResponse>;

  /**
   * Removes tags from up to 500 traces, then adds tags, so a tag in both lists stays. Tags keep their order and are not
   * repeated. Ids that the project does not have are ignored.
   *
   * @throws ValidationError for an invalid id, or more than 100 tags to add.
   * @example
   * ```ts
   * const { updated } = await client.tagTraces({
   *   trace_ids: ["11111111-1111-1111-1111-111111111111"],
   *   add_tags: ["reviewed"],
   *   remove_tags: ["to review"],
   * });
   * ```
   */
  tagTraces(body: BatchTagsRequest, options?: RequestOptions): ApiPromise<BatchTagsResponse>;
}
