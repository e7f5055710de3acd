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
import { unchecked } from "./common/unchecked.ts";
import { warnings } from "./common/warnings.ts";
import { TraceCreate } from "./traces.ts";

export const BatchCreateRequest = z
  .object({
    traces: list(unchecked(TraceCreate), 1, 100).describe(
      "1 to 100 traces, each checked by itself. Traces of one id are merged in their order.",
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

export const BatchItemError = z
  .object({
    code: z.string().describe("The code that the trace by itself would have been refused with."),
    detail: z.string().describe("What is wrong with it."),
    errors: z.array(ProblemError).describe("Each thing that is wrong with it."),
  })
  .meta({ id: "BatchItemError" });
export type BatchItemError = z.infer<typeof BatchItemError>;

export const BatchCreateItem = z
  .object({
    index: z.int().describe("Where the trace stands in `traces`, from 0."),
    trace_id: uuid.nullable().describe("`null` where it was rejected and named no id that could be read."),
    status: z.enum(["accepted", "rejected"]),
    error: BatchItemError.nullable().describe("Why it was rejected."),
    warnings,
  })
  .meta({ id: "BatchCreateItem" });
export type BatchCreateItem = z.infer<typeof BatchCreateItem>;

export const BatchCreateResponse = z
  .object({
    items: z.array(BatchCreateItem).describe("What became of each trace, in the order they were sent."),
    accepted: z.int().describe("How many were stored."),
    rejected: z.int().describe("How many were not."),
  })
  .meta({
    id: "BatchCreateResponse",
    description: "The accepted traces are stored and visible to every later request.",
  });
export type BatchCreateResponse = z.infer<typeof BatchCreateResponse>;

const traceIds = list(uuid, 1, 500).describe("1 to 500 ids; repeated ids count once.");

export const BatchDeleteRequest = z.object({ trace_ids: traceIds }).meta({
  id: "BatchDeleteRequest",
  examples: [{ trace_ids: ["11111111-1111-1111-1111-111111111111"] }],
});
export type BatchDeleteRequest = z.infer<typeof BatchDeleteRequest>;

export const BatchDeleteResponse = z
  .object({ deleted: z.int().describe("How many of the traces there were.") })
  .meta({ id: "BatchDeleteResponse" });
export type BatchDeleteResponse = z.infer<typeof BatchDeleteResponse>;

export const BatchTagsRequest = z
  .object({
    trace_ids: traceIds,
    add_tags: list(text(0, limits.label), 0, limits.tags)
      .optional()
      .describe("Put behind the tags that a trace has, unless it has them."),
    remove_tags: list(text(0, limits.label), 0, 1000)
      .optional()
      .describe("Taken away after `add_tags` were added: a tag in both is gone."),
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
    updated: z.int().describe("How many of the traces there are: each has the tags asked for now."),
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
      "Stores up to 100 traces as `POST /traces` stores each. One that is wrong is rejected and loses none of the others: look at `rejected`.",
    metadata: { ...metadata, quota: "traces" },
    body: BatchCreateRequest,
    responses: { 202: BatchCreateResponse },
  },
  deleteTraces: {
    method: "POST",
    path: "/traces/batch/delete",
    summary: "Delete many traces",
    description: "Their spans and scores go with them. Ids that the project does not have are passed over.",
    metadata: { ...metadata, audit: "traces.deleted" },
    body: BatchDeleteRequest,
    responses: { 200: BatchDeleteResponse },
  },
  tagTraces: {
    method: "POST",
    path: "/traces/batch/tags",
    summary: "Tag many traces",
    description:
      "Adds tags to traces, then takes tags away. Tags keep their order, and each stands once. Ids that the project does not have are passed over.",
    metadata,
    body: BatchTagsRequest,
    responses: { 200: BatchTagsResponse },
  },
});
