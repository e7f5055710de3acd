import { z } from "zod";
import { EvaluationStatus, ScorePreference } from "./common/enums.ts";
import type { ErrorCode } from "./common/error-codes.ts";
import { uuid } from "./common/ids.ts";
import { boolean } from "./common/lenient.ts";
import {
  type HeaderInfo,
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  rateLimitHeaders,
  retryAfterHeader,
} from "./common/metadata.ts";
import { paging } from "./common/paging.ts";
import { queryInteger } from "./common/query.ts";
import { c } from "./common/router.ts";

/* Shared by the routes of trace runs and session runs. */

export const runPath = z.object({ run_id: uuid });

export const listRunsQuery = z.object({ status: EvaluationStatus.optional(), ...paging() });

export const runScoresQuery = z.object({
  limit: queryInteger({ min: 1, max: Number.MAX_SAFE_INTEGER })
    .optional()
    .describe("The maximum number of scores. Default: all."),
  offset: queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER })
    .optional()
    .describe("How many of the newest scores to skip."),
  prefer: ScorePreference.optional().describe(
    "If there is a preferred score with the same name, of the same trace or session, it replaces the run's score. Default: the run's scores.",
  ),
});

export const deleteRunQuery = z.object({
  delete_scores: boolean.default(false).meta({
    default: false,
    description:
      "Also delete its scores, including the signals of a session run. Otherwise they are kept without a run.",
  }),
});

/** Headers of a GET that may wait for a change. */
export const waits = {
  requestHeaders: {
    Prefer: {
      description:
        "`wait=N` (up to 60 seconds) delays the answer until the run's status or counts change. For a run that has ended, the answer comes at once.",
      example: "wait=30",
    },
  },
  responseHeaders: { "Preference-Applied": { description: "`wait=N` if the server honoured `Prefer`." } },
} as const satisfies Record<string, Record<string, HeaderInfo>>;

/** Headers of an event stream. */
export const streams = {
  requestHeaders: {
    "Last-Event-ID": {
      description:
        "The `id` of the last event you received. It is not repeated if nothing has changed since.",
      example: "RUNNING-12-3",
    },
  },
} as const satisfies Record<string, Record<string, HeaderInfo>>;

/** The format of a run's event stream. */
export const runEvents = c.otherResponse({
  contentType: "text/event-stream",
  body: z.string().meta({
    examples: [
      'retry: 1000\nid: RUNNING-12-3\nevent: progress\ndata: {"id":"33333333-3333-3333-3333-333333333333","status":"RUNNING","evaluated_count":12,"failed_count":3}\n\n',
    ],
  }),
});

export const streamDescription =
  'Server-sent events. `progress` comes at once, and then whenever the run\'s status or counts change, at most every 250 ms. `end` is the last event of a run that has ended. The `data` of both is the run, as `GET` returns it. `deleted` (`data`: `{"id"}`) is the last event of a run that is deleted. Comments keep the connection open. If the stream ends in any other way, for example because the server stops, reconnect with `Last-Event-ID`.';

export const cancelDescription =
  'Ends a run now: `FAILED`, with the `error_message` "Cancelled". Existing scores are kept. No new judge call starts, and calls in flight, which are paid for anyway, get ten seconds to finish. A retry evaluates everything without a successful score. Cancelling a run that has ended changes nothing and returns it.';

/** Metadata of every route that creates or estimates a run, besides its tag, errors and quota. */
export const createsRun = {
  scope: "evaluate",
  rateLimit: "runs",
  requestHeaders: idempotencyKeyHeader,
  responseHeaders: { ...rateLimitHeaders, ...idempotencyReplayedHeader, ...retryAfterHeader },
} as const satisfies Omit<RouteMetadata, "tag" | "errors">;

export const estimateDescription =
  "Takes the same body as creating the run, with the same checks, and returns the expected calls and cost. It creates no run and calls no model. The prompts are the real ones. If a question depends on an answer that is not known yet, an answer of the offline heuristic is used instead.";

/** Metadata of every other POST to a run, besides its tag and errors. */
export const changesRun = {
  scope: "evaluate",
  requestHeaders: idempotencyKeyHeader,
  responseHeaders: { ...idempotencyReplayedHeader, ...retryAfterHeader },
} as const satisfies Omit<RouteMetadata, "tag" | "errors">;

/** Errors of a judge that the server cannot use. */
export const judgeErrors = [
  "unknown_model_provider",
  "invalid_model_name",
  "model_not_allowed",
  "provider_not_configured",
  "embedding_model_not_configured",
  "price_unknown",
] as const satisfies readonly ErrorCode[];

export const retryErrors = [
  "not_found",
  "nothing_to_retry",
  "run_in_progress",
  ...judgeErrors,
] as const satisfies readonly ErrorCode[];
