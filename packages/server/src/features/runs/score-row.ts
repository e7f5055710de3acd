import { cutFreeText } from "@pandaprobe/contract";
import { v7 as uuidv7 } from "uuid";
import { storableText, toJson } from "../../db/storable.ts";
import type { NewScore } from "./outcome.ts";

/** A new score as it goes to the database, inside a JSON array. */
export function scoreRow(score: NewScore) {
  return {
    id: uuidv7(),
    project_id: score.project_id,
    target_id: score.target_id,
    name: score.metric,
    value: score.value,
    numeric_value: score.value === null ? null : Number(score.value),
    status: score.status,
    eval_run_id: score.run_id,
    reason: cutFreeText(storableText(score.reason)),
    metadata: toJson(score.metadata),
  };
}
