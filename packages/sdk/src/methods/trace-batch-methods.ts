import type { ApiPromise } from "../api-promise.ts";
import type {
  BatchCreateRequest,
  BatchCreateResponse,
  BatchDeleteRequest,
  BatchDeleteResponse,
  BatchTagsRequest,
  BatchTagsResponse,
} from "../generated/types.ts";
import type { RequestOptions } from "../request-options.ts";

export interface TraceBatchMethods {
  /**
   * Stores 1 to 100 traces in one request, each as `createTrace` does. A trace that is wrong is rejected and loses none of
   * the others: this resolves all the same, so look at `rejected`.
   *
   * @throws ValidationError where there is no trace or more than 100, or the body is over the server's limit (10 MiB by
   * default).
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
   * Deletes up to 500 traces, their spans and their scores. Ids that the project does not have are passed over.
   *
   * @throws ValidationError for an id that is none.
   * @example
   * ```ts
   * const { deleted } = await client.deleteTraces({
   *   trace_ids: ["11111111-1111-1111-1111-111111111111"],
   * });
   * ```
   */
  deleteTraces(body: BatchDeleteRequest, options?: RequestOptions): ApiPromise<BatchDeleteResponse>;

  /**
   * Adds tags to up to 500 traces, then takes tags away. Tags keep their order, and each stands once. Ids that the project
   * does not have are passed over.
   *
   * @throws ValidationError for an id that is none, or more than 100 tags to add.
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
