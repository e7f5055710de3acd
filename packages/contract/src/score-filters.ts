import { dateTime } from "./common/dates.ts";
import { ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { paging } from "./common/paging.ts";
import { text } from "./common/text.ts";

/** The filters of both lists of scores. */
export const scoreFilters = {
  name: text(0, limits.label).optional().describe("The name of the scores."),
  source: ScoreSource.optional(),
  status: ScoreStatus.optional(),
  eval_run_id: uuid.optional(),
  date_from: dateTime.optional().describe("Created at or after this time."),
  date_to: dateTime.optional().describe("Created before this time."),
  ...paging(),
};
