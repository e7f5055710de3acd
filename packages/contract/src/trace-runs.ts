import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { dateTimeAsGiven } from "./common/dates.ts";
import { TraceStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { list } from "./common/list.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { c } from "./common/router.ts";
import { text } from "./common/text.ts";
import {
  EvalRunPage,
  EvalRunResponse,
  RetryEvalRunRequest,
  RunEstimate,
  runOptions,
  samplingRate,
} from "./eval-runs.ts";
import { withJudging } from "./judging.ts";
import { MetricInfo } from "./metrics.ts";
import {
  cancelDescription,
  changesRun,
  createsRun,
  deleteRunQuery,
  estimateDescription,
  judgeErrors,
  listRunsQuery,
  retryErrors,
  runEvents,
  runPath,
  runScoresQuery,
  streamDescription,
  streams,
  waits,
} from "./run-routes.ts";
import { TraceScoreResponse } from "./trace-scores.ts";

export const EvalRunFilters = dateRange(
  z.strictObject({
    date_from: dateTimeAsGiven.nullish().describe("Traces that started at or after this time."),
    date_to: dateTimeAsGiven.nullish().describe("Traces that started before this time."),
    status: TraceStatus.nullish(),
    session_id: text(0, limits.label).nullish().describe("Exactly this session."),
    user_id: text(0, limits.label).nullish().describe("Exactly this user."),
    tags: list(text(0, limits.label), 0, limits.tags)
      .nullish()
      .describe("Traces with at least one of these tags."),
    name: text(0, limits.name)
      .nullish()
      .describe("A part of the trace's name, case-insensitive, without wildcards."),
    environment: text(0, limits.label).nullish().describe("Exactly this environment."),
    release: text(0, limits.label).nullish().describe("Exactly this release."),
  }),
).meta({ id: "EvalRunFilters", description: "Selects traces. All given filters must match." });
export type EvalRunFilters = z.infer<typeof EvalRunFilters>;

export const CreateEvalRunRequest = withJudging(
  z.object({
    ...runOptions,
    filters: EvalRunFilters.optional(),
    sampling_rate: samplingRate,
  }),
).meta({
  id: "CreateEvalRunRequest",
  examples: [
    {
      name: "Weekly production eval",
      metrics: ["task_completion", "tool_correctness", "step_efficiency"],
      filters: {
        date_from: "2026-03-01T00:00:00Z",
        date_to: "2026-03-29T00:00:00Z",
        status: "COMPLETED",
        tags: ["production"],
      },
      sampling_rate: 0.5,
      model: "openai/gpt-5.4",
    },
  ],
});
export type CreateEvalRunRequest = z.infer<typeof CreateEvalRunRequest>;

export const CreateBatchEvalRunRequest = withJudging(
  z.object({
    trace_ids: list(uuid, 1, limits.targets).describe("The traces to evaluate. Repeated ids count once."),
    ...runOptions,
  }),
).meta({
  id: "CreateBatchEvalRunRequest",
  examples: [
    {
      trace_ids: ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"],
      metrics: ["task_completion", "argument_correctness"],
      name: "Manual review batch",
      model: null,
    },
  ],
});
export type CreateBatchEvalRunRequest = z.infer<typeof CreateBatchEvalRunRequest>;

export const EvalRunTemplate = z
  .object({
    metric: MetricInfo,
    filters: EvalRunFilters,
    sampling_rate: z.number(),
    model: z.string().nullable().describe("The server's default judge."),
  })
  .meta({ id: "EvalRunTemplate", description: "A request for a run, prefilled for one metric." });
export type EvalRunTemplate = z.infer<typeof EvalRunTemplate>;

const reads = { tag: "Trace runs", scope: "read", errors: [] } as const satisfies RouteMetadata;
const estimates = { ...createsRun, tag: reads.tag } as const;
const creates = { ...estimates, quota: "runs" } as const;

export const traceRuns = c.router({
  createTraceRun: {
    method: "POST",
    path: "/evaluations/trace-runs",
    summary: "Create a trace run",
    description:
      "Selects the traces that match the filters, draws a sample, and evaluates it in the background. Returns a PENDING run at once.",
    metadata: {
      ...creates,
      errors: ["invalid_filters", "unknown_metric", "nothing_matches", ...judgeErrors],
    },
    body: CreateEvalRunRequest,
    responses: { 202: EvalRunResponse },
  },
  estimateTraceRun: {
    method: "POST",
    path: "/evaluations/trace-runs/estimate",
    summary: "Estimate what a trace run would cost",
    description: estimateDescription,
    metadata: {
      ...estimates,
      errors: ["invalid_filters", "unknown_metric", "nothing_matches", ...judgeErrors],
    },
    body: CreateEvalRunRequest,
    responses: { 200: RunEstimate },
  },
  createTraceRunBatch: {
    method: "POST",
    path: "/evaluations/trace-runs/batch",
    summary: "Create a trace run for given traces",
    description:
      "Evaluates exactly these traces. With an unknown id, the request fails and nothing is created.",
    metadata: { ...creates, errors: ["unknown_metric", "not_found", ...judgeErrors] },
    body: CreateBatchEvalRunRequest,
    responses: { 202: EvalRunResponse },
  },
  getTraceRunTemplate: {
    method: "GET",
    path: "/evaluations/trace-runs/template",
    summary: "Get a template of a run",
    description: "A metric with its prompts, and the default filters, sampling rate and judge.",
    metadata: { ...reads, errors: ["unknown_metric"] },
    query: z.object({ metric: text(0, limits.label) }),
    responses: { 200: EvalRunTemplate },
  },
  listTraceRuns: {
    method: "GET",
    path: "/evaluations/trace-runs",
    summary: "List trace runs",
    description: "Newest first.",
    metadata: reads,
    query: listRunsQuery,
    responses: { 200: EvalRunPage },
  },
  getTraceRun: {
    method: "GET",
    path: "/evaluations/trace-runs/:run_id",
    summary: "Get a trace run",
    description: "The run and its progress. Its counts and its stored scores change together.",
    metadata: { ...reads, ...waits, errors: ["not_found"] },
    pathParams: runPath,
    responses: { 200: EvalRunResponse },
  },
  streamTraceRun: {
    method: "GET",
    path: "/evaluations/trace-runs/:run_id/events",
    summary: "Watch a trace run",
    description: streamDescription,
    metadata: { ...reads, ...streams, errors: ["not_found"] },
    pathParams: runPath,
    responses: { 200: runEvents },
  },
  getTraceRunScores: {
    method: "GET",
    path: "/evaluations/trace-runs/:run_id/scores",
    summary: "Get the scores of a trace run",
    description: "Newest first. All of them unless `limit` is given.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: runPath,
    query: runScoresQuery,
    responses: { 200: z.array(TraceScoreResponse) },
  },
  retryTraceRun: {
    method: "POST",
    path: "/evaluations/trace-runs/:run_id/retry",
    summary: "Retry what failed in a trace run",
    description:
      "Creates a run of exactly the evaluation items (one trace and one metric) that have no successful score.",
    metadata: { ...creates, errors: retryErrors },
    pathParams: runPath,
    body: RetryEvalRunRequest.nullish(),
    responses: { 202: EvalRunResponse },
  },
  cancelTraceRun: {
    method: "POST",
    path: "/evaluations/trace-runs/:run_id/cancel",
    summary: "Cancel a trace run",
    description: cancelDescription,
    metadata: { ...changesRun, tag: reads.tag, errors: ["not_found"] },
    pathParams: runPath,
    body: c.noBody(),
    responses: { 200: EvalRunResponse },
  },
  deleteTraceRun: {
    method: "DELETE",
    path: "/evaluations/trace-runs/:run_id",
    summary: "Delete a trace run",
    description:
      "Stops the run if it has not ended. Its scores are kept without a run, unless `delete_scores` is true.",
    metadata: { ...reads, scope: "evaluate", audit: "trace_run.deleted", errors: ["not_found"] },
    pathParams: runPath,
    query: deleteRunQuery,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
