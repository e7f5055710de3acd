import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { ScoreDataType, ScoreSource, ScoreStatus } from "./common/enums.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import { page } from "./common/paging.ts";

export const SessionScoreResponse = z
  .object({
    id: uuid,
    session_id: z.string(),
    project_id: uuid,
    name: z.string().describe("The metric's name."),
    data_type: ScoreDataType,
    value: z.string().nullable().describe("`null` where the score failed."),
    source: ScoreSource,
    status: ScoreStatus,
    eval_run_id: uuid.nullable().describe("The run that made it, while that run exists."),
    author_user_id: z.string().nullable(),
    reason: z.string().nullable().describe("Why this value; why it failed."),
    metadata: jsonObject.describe(
      "What the score rests on: the risks of each trace, `signal_weights`, `flagged_traces`, `threshold` and `success`; `failed_signals` where some could not be had.",
    ),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "SessionScoreResponse" });
export type SessionScoreResponse = z.infer<typeof SessionScoreResponse>;

export const SessionScorePage = page("SessionScorePage", SessionScoreResponse);
export type SessionScorePage = z.infer<typeof SessionScorePage>;
