import { z } from "zod";
import { dateTime } from "./common/dates.ts";
import { ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { paging } from "./common/paging.ts";

/** What lists of scores can be filtered by, whatever the scores are of. */
export const scoreFilters = {
  name: z.string().optional().describe("Exactly this name."),
  source: ScoreSource.optional(),
  status: ScoreStatus.optional(),
  eval_run_id: uuid.optional(),
  date_from: dateTime.optional().describe("Made at or after this time."),
  date_to: dateTime.optional().describe("Made before this time."),
  ...paging(),
};
