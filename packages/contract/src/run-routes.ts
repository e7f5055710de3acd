import { z } from "zod";
import { EvaluationStatus } from "./common/enums.ts";
import type { ErrorCode } from "./common/error-codes.ts";
import { uuid } from "./common/ids.ts";
import {
  type HeaderInfo,
  idempotencyKeyHeader,
  idempotencyReplayedHeader,
  type RouteMetadata,
  rateLimitHeaders,
  retryAfterHeader,
} from "./common/metadata.ts";
import { paging } from "./common/paging.ts";
import { queryBoolean, queryInteger } from "./common/query.ts";

/* What the routes of runs share, whatever the runs evaluate. */

export const runPath = z.object({ run_id: uuid });

export const listRunsQuery = z.object({ status: EvaluationStatus.optional(), ...paging() });

export const runScoresQuery = z.object({
  limit: queryInteger({ min: 1, max: Number.MAX_SAFE_INTEGER })
    .optional()
    .describe("How many at the most; all of them if it is left out."),
  offset: queryInteger({ min: 0, max: Number.MAX_SAFE_INTEGER })
    .optional()
    .describe("How many of the newest to pass over."),
});

export const deleteRunQuery = z.object({
  delete_scores: queryBoolean.default(false).meta({
    default: false,
    description:
      "Whether its scores are deleted too, a session run's signals among them; else they stay, without a run.",
  }),
});

/** Headers of a GET that may be held until there is news. */
export const waits = {
  requestHeaders: {
    Prefer: {
      description:
        "`wait=N` (up to 60 seconds) holds the answer until the run's status or counts change; a run that has ended answers at once.",
      example: "wait=30",
    },
  },
  responseHeaders: { "Preference-Applied": { description: "`wait=N`, where the server waited." } },
} as const satisfies Record<string, Record<string, HeaderInfo>>;

/** What every route that makes a run says besides its tag and errors. */
export const createsRun = {
  auth: true,
  rateLimit: "runs",
  requestHeaders: idempotencyKeyHeader,
  responseHeaders: { ...rateLimitHeaders, ...idempotencyReplayedHeader, ...retryAfterHeader },
} as const satisfies Omit<RouteMetadata, "tag" | "errors">;

/** The judge that a run asks for may be none that the server has. */
export const judgeErrors = [
  "unknown_model_provider",
  "provider_not_configured",
  "embedding_model_not_configured",
] as const satisfies readonly ErrorCode[];

export const retryErrors = [
  "not_found",
  "nothing_to_retry",
  "run_in_progress",
  ...judgeErrors,
] as const satisfies readonly ErrorCode[];
