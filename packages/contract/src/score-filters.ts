import { z } from "zod";
import { dateTime } from "./common/dates.ts";
import { ScorePreference, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { boolean, number } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import { paging } from "./common/paging.ts";
import { queryStrings } from "./common/query.ts";
import { text } from "./common/text.ts";

/** Filters by the trace as it is now. A session matches if one of its traces matches all of them. */
export const traceFieldFilters = {
  release: text(0, limits.label).optional().describe("Of traces with exactly this release."),
  environment: text(0, limits.label).optional().describe("Of traces in exactly this environment."),
  tags: queryStrings.optional().describe("Of traces with at least one of these tags."),
  user_id: text(0, limits.label).optional().describe("Of traces of exactly this user."),
  trace_name: text(0, limits.name)
    .optional()
    .describe("Of traces with this in their name, case-insensitive, without wildcards."),
};

/** Filters by who or what gave the score. */
export const scorerFilters = {
  source: ScoreSource.optional(),
  model: text(0, limits.name)
    .optional()
    .describe(
      "Scores by exactly this judge, as `provider/model`, alone or in a jury. Scores of a deleted run have no judge.",
    ),
  eval_run_id: uuid.optional().describe("Scores of this run."),
};

export const prefer = ScorePreference.optional().describe(
  "Leaves out scores for which there is a preferred one with the same name, of the same trace or session. Default: none is left out.",
);

export const authorFilter = text(0, limits.label).optional().describe("Scores by exactly this author.");

/** The filters of the lists of trace and session scores. */
export const scoreFilters = {
  name: text(0, limits.label).optional().describe("The name of the scores."),
  status: ScoreStatus.optional(),
  ...scorerFilters,
  ...traceFieldFilters,
  author_user_id: authorFilter,
  value_min: number(z.number()).optional().describe("NUMERIC scores of at least this value."),
  value_max: number(z.number()).optional().describe("NUMERIC scores below this value."),
  prefer,
  latest: boolean
    .optional()
    .describe(
      "Returns only one score per name of each trace or session: the newest. With `prefer`, the preferred score that was given or changed last comes before newer ones. Other filters apply to the remaining scores. Default: false.",
    ),
  date_from: dateTime.optional().describe("Created at or after this time."),
  date_to: dateTime.optional().describe("Created before this time."),
  ...paging(),
};
