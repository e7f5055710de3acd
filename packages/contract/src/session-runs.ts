import { z } from "zod";
import { dateRange } from "./common/date-range.ts";
import { dateTimeAsGiven } from "./common/dates.ts";
import { boolean, number } from "./common/lenient.ts";
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
import { SessionScoreResponse } from "./session-scores.ts";
import { SignalWeights } from "./signal-weights.ts";

export const SessionEvalRunFilters = dateRange(
  z.strictObject({
    date_from: dateTimeAsGiven
      .nullish()
      .describe("Sessions with a trace that started at or after this time."),
    date_to: dateTimeAsGiven.nullish().describe("Sessions with a trace that started before this time."),
    user_id: text(0, limits.label).nullish().describe("Sessions with a trace of exactly this user."),
    has_error: boolean
      .nullish()
      .describe("`true`: sessions with a matching trace of status ERROR. `false`: sessions without one."),
    tags: list(text(0, limits.label), 0, limits.tags)
      .nullish()
      .describe("Sessions with a trace that has at least one of these tags."),
    environment: text(0, limits.label)
      .nullish()
      .describe("Sessions with a trace in exactly this environment."),
    release: text(0, limits.label).nullish().describe("Sessions with a trace of exactly this release."),
    trace_name: text(0, limits.name)
      .nullish()
      .describe("Sessions with a trace with this in its name, case-insensitive, without wildcards."),
    min_trace_count: number(z.int().min(1))
      .nullish()
      .describe("Sessions with at least this many matching traces."),
  }),
).meta({
  id: "SessionEvalRunFilters",
  description:
    "Selects sessions with a trace that matches all filters of traces. The whole session is evaluated.",
});
export type SessionEvalRunFilters = z.infer<typeof SessionEvalRunFilters>;

const sessionRunOptions = { ...runOptions, signal_weights: SignalWeights.nullish() };

export const CreateSessionEvalRunRequest = withJudging(
  z.object({
    ...sessionRunOptions,
    filters: SessionEvalRunFilters.optional(),
    sampling_rate: samplingRate,
  }),
).meta({
  id: "CreateSessionEvalRunRequest",
  examples: [
    {
      name: "Agent reliability check",
      metrics: ["agent_reliability", "agent_consistency"],
      filters: {
        date_from: "2026-03-01T00:00:00Z",
        date_to: "2026-03-29T00:00:00Z",
        min_trace_count: 3,
      },
      sampling_rate: 1.0,
      model: "openai/gpt-5.4",
      signal_weights: { confidence: 1.0, loop_detection: 1.5, tool_correctness: 0.8, coherence: 1.0 },
    },
  ],
});
export type CreateSessionEvalRunRequest = z.infer<typeof CreateSessionEvalRunRequest>;

export const CreateBatchSessionEvalRunRequest = withJudging(
  z.object({
    session_ids: list(text(0, limits.label), 1, limits.targets).describe(
      "The sessions to evaluate. Repeated ids count once.",
    ),
    ...sessionRunOptions,
  }),
).meta({
  id: "CreateBatchSessionEvalRunRequest",
  examples: [
    {
      session_ids: ["session-abc-123", "session-def-456"],
      metrics: ["agent_reliability"],
      signal_weights: { confidence: 1.0, loop_detection: 2.0 },
    },
  ],
});
export type CreateBatchSessionEvalRunRequest = z.infer<typeof CreateBatchSessionEvalRunRequest>;

const reads = { tag: "Session runs", scope: "read", errors: [] } as const satisfies RouteMetadata;
const estimates = { ...createsRun, tag: reads.tag } as const;
const creates = { ...estimates, quota: "runs" } as const;

export const sessionRuns = c.router({
  createSessionRun: {
    method: "POST",
    path: "/evaluations/session-runs",
    summary: "Create a session run",
    description:
      "Selects the sessions that match the filters, draws a sample, and evaluates it in the background. Returns a PENDING run at once.",
    metadata: {
      ...creates,
      errors: [
        "invalid_filters",
        "invalid_signal_weights",
        "unknown_metric",
        "nothing_matches",
        ...judgeErrors,
      ],
    },
    body: CreateSessionEvalRunRequest,
    responses: { 202: EvalRunResponse },
  },
  estimateSessionRun: {
    method: "POST",
    path: "/evaluations/session-runs/estimate",
    summary: "Estimate what a session run would cost",
    description: estimateDescription,
    metadata: {
      ...estimates,
      errors: [
        "invalid_filters",
        "invalid_signal_weights",
        "unknown_metric",
        "nothing_matches",
        ...judgeErrors,
      ],
    },
    body: CreateSessionEvalRunRequest,
    responses: { 200: RunEstimate },
  },
  createSessionRunBatch: {
    method: "POST",
    path: "/evaluations/session-runs/batch",
    summary: "Create a session run for given sessions",
    description:
      "Evaluates exactly these sessions. With an unknown id, the request fails and nothing is created.",
    metadata: {
      ...creates,
      errors: ["invalid_signal_weights", "unknown_metric", "not_found", ...judgeErrors],
    },
    body: CreateBatchSessionEvalRunRequest,
    responses: { 202: EvalRunResponse },
  },
  listSessionRuns: {
    method: "GET",
    path: "/evaluations/session-runs",
    summary: "List session runs",
    description: "Newest first.",
    metadata: reads,
    query: listRunsQuery,
    responses: { 200: EvalRunPage },
  },
  getSessionRun: {
    method: "GET",
    path: "/evaluations/session-runs/:run_id",
    summary: "Get a session run",
    description: "The run and its progress. Its counts and its stored scores change together.",
    metadata: { ...reads, ...waits, errors: ["not_found"] },
    pathParams: runPath,
    responses: { 200: EvalRunResponse },
  },
  streamSessionRun: {
    method: "GET",
    path: "/evaluations/session-runs/:run_id/events",
    summary: "Watch a session run",
    description: streamDescription,
    metadata: { ...reads, ...streams, errors: ["not_found"] },
    pathParams: runPath,
    responses: { 200: runEvents },
  },
  getSessionRunScores: {
    method: "GET",
    path: "/evaluations/session-runs/:run_id/scores",
    summary: "Get the scores of a session run",
    description:
      "The scores of its sessions, newest first. All of them unless `limit` is given. The signals behind them are trace scores: `GET /evaluations/trace-scores?eval_run_id=`.",
    metadata: { ...reads, errors: ["not_found"] },
    pathParams: runPath,
    query: runScoresQuery,
    responses: { 200: z.array(SessionScoreResponse) },
  },
  retrySessionRun: {
    method: "POST",
    path: "/evaluations/session-runs/:run_id/retry",
    summary: "Retry what failed in a session run",
    description:
      "Creates a run of exactly the evaluation items (one session and one metric) that have no successful score, or one with failed signals. Signals of the original are copied, not computed again.",
    metadata: { ...creates, errors: retryErrors },
    pathParams: runPath,
    body: RetryEvalRunRequest.nullish(),
    responses: { 202: EvalRunResponse },
  },
  cancelSessionRun: {
    method: "POST",
    path: "/evaluations/session-runs/:run_id/cancel",
    summary: "Cancel a session run",
    description: cancelDescription,
    metadata: { ...changesRun, tag: reads.tag, errors: ["not_found"] },
    pathParams: runPath,
    body: c.noBody(),
    responses: { 200: EvalRunResponse },
  },
  deleteSessionRun: {
    method: "DELETE",
    path: "/evaluations/session-runs/:run_id",
    summary: "Delete a session run",
    description:
      "Stops the run if it has not ended. Its scores and signals are kept without a run, unless `delete_scores` is true.",
    metadata: { ...reads, scope: "evaluate", audit: "session_run.deleted", errors: ["not_found"] },
    pathParams: runPath,
    query: deleteRunQuery,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
