import { z } from "zod";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import {
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  retryAfterHeader,
} from "./common/metadata.ts";
import { ProblemError } from "./common/problem.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import { warnings } from "./common/warnings.ts";
import { TraceCreate } from "./traces.ts";

export const BatchCreateRequest = z
  .object({
    traces: list(unchecked(TraceCreate), 1, 100).describe(
      "1 to 100 traces, each validated on its own. Traces with the same id are merged in order.",
    ),
  })
  .meta({
    id: "BatchCreateRequest",
    examples: [
      {
        traces: [
          { name: "answer a question", started_at: "2026-03-01T09:00:00.000Z", output: "Paris" },
          { name: "answer another", started_at: "2026-03-01T09:00:05.000Z", output: "Rome" },
        ],
      },
    ],
  });
export type BatchCreateRequest = z.infer<typeof BatchCreateRequest>;

/**
 * Accepts any value, but is documented as the named schema. For values that are validated one by one later, so that an
 * invalid one does not affect the others.
 */
function unchecked<Schema extends z.ZodType>(schema: Schema) {
  const id = z.globalRegistry.get(schema)?.id;
  if (id === undefined) throw new Error("Only a named schema can be referenced.");
  return z.custom<z.input<Schema>>(() => true).meta({ $ref: `#/$defs/${id}` });
}

export const BatchItemError = z
  .object({
    code: z.string().describe("The error code that `POST /traces` would have returned."),
    detail: z.string().describe("What is wrong with the trace."),
    errors: z.array(ProblemError).describe("The invalid fields."),
  })
  .meta({ id: "BatchItemError" });
export type BatchItemError = z.infer<typeof BatchItemError>;

export const BatchCreateItem = z
  .object({
    index: z.int().describe("The index of the trace in `traces`, from 0."),
    trace_id: uuid.nullable().describe("`null` if the trace was rejected and its id could not be read."),
    status: z.enum(["accepted", "rejected"]),
    created: z
      .boolean()
      .optional()
      .describe("Of an accepted trace: `true` if it is new, `false` if it was merged into an existing one."),
    error: BatchItemError.nullable().describe("Why it was rejected."),
    warnings,
  })
  .meta({ id: "BatchCreateItem" });
export type BatchCreateItem = z.infer<typeof BatchCreateItem>;

export const BatchCreateResponse = z
  .object({
    items: z.array(BatchCreateItem).describe("The result of each trace, in the order of the request."),
    accepted: z.int().describe("How many traces were stored."),
    rejected: z.int().describe("How many traces were not stored."),
  })
  .meta({
    id: "BatchCreateResponse",
    description: "The accepted traces are stored and visible to every later request.",
  });
export type BatchCreateResponse = z.infer<typeof BatchCreateResponse>;

const traceIds = list(uuid, 1, 500).describe("1 to 500 ids. Repeated ids count once.");

export const BatchDeleteRequest = z.object({ trace_ids: traceIds }).meta({
  id: "BatchDeleteRequest",
  examples: [{ trace_ids: ["11111111-1111-1111-1111-111111111111"] }],
});
export type BatchDeleteRequest = z.infer<typeof BatchDeleteRequest>;

export const BatchDeleteResponse = z
  .object({ deleted: z.int().describe("How many traces were deleted.") })
  .meta({ id: "BatchDeleteResponse" });
export type BatchDeleteResponse = z.infer<typeof BatchDeleteResponse>;

export const BatchTagsRequest = z
  .object({
    trace_ids: traceIds,
    add_tags: list(text(0, limits.label), 0, limits.tags)
      .optional()
      .describe("Appended to the tags of a trace, unless it has them already."),
    remove_tags: list(text(0, limits.label), 0, 1000)
      .optional()
      .describe("Removed before `add_tags` are added: a tag in both lists stays."),
  })
  .meta({
    id: "BatchTagsRequest",
    examples: [
      {
        trace_ids: ["11111111-1111-1111-1111-111111111111"],
        add_tags: ["reviewed"],
        remove_tags: ["to review"],
      },
    ],
  });
export type BatchTagsRequest = z.infer<typeof BatchTagsRequest>;

export const BatchTagsResponse = z
  .object({
    updated: z.int().describe("How many of the traces exist. All of them have the requested tags now."),
  })
  .meta({ id: "BatchTagsResponse" });
export type BatchTagsResponse = z.infer<typeof BatchTagsResponse>;

const metadata = {
  tag: "Traces",
  scope: "ingest",
  errors: [],
  requestHeaders: idempotencyKeyHeader,
  responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
} as const satisfies RouteMetadata;

export const traceBatches = c.router({
  createTraceBatch: {
    method: "POST",
    path: "/traces/batch",
    summary: "Store many traces",
    description:
      "Stores up to 100 traces, each as `POST /traces` does. An invalid trace is rejected, and the others are stored: check `rejected`.",
    metadata: { ...metadata, quota: "traces", masked: "traces" },
    body: BatchCreateRequest,
    responses: { 202: BatchCreateResponse },
  },
  deleteTraces: {
    method: "POST",
    path: "/traces/batch/delete",
    summary: "Delete many traces",
    description: "Also deletes their spans and scores. Unknown ids are ignored.",
    metadata: { ...metadata, audit: "traces.deleted" },
    body: BatchDeleteRequest,
    responses: { 200: BatchDeleteResponse },
  },
  tagTraces: {
    method: "POST",
    path: "/traces/batch/tags",
    summary: "Tag many traces",
    description:
      "Removes tags from traces, then adds tags: a tag in both lists stays. Tags keep their order, without duplicates. Unknown ids are ignored, and without tags to add or remove nothing is updated.",
    metadata: { ...metadata, masked: "tags" },
    body: BatchTagsRequest,
    responses: { 200: BatchTagsResponse },
  },
});
