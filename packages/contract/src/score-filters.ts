import { dateTime } from "./common/dates.ts";
import { ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { limits } from "./common/limits.ts";
import { paging } from "./common/paging.ts";
import { text } from "./common/text.ts";

/** What lists of scores can be filtered by, whatever the scores are of. */
export const scoreFilters = {
  name: text(0, limits.label).optional().describe("Exactly this name."),
  source: ScoreSource.optional(),
  status: ScoreStatus.optional(),
  eval_run_id: uuid.optional(),
  date_from: dateTime.optional().describe("Made at or after this time."),
  date_to: dateTime.optional().describe("Made before this time."),
  ...paging(),
};
