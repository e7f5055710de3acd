import { cutFreeText } from "@pandaprobe/contract/rules";
import { v7 as uuidv7 } from "uuid";
import { storableText, toJson } from "../../db/storable.ts";

/** The outcome of an evaluation item, or of a signal of a trace. */
export interface Outcome {
  readonly status: "SUCCESS" | "FAILED";
  /** The score as text; `null` if it failed. */
  readonly value: string | null;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** An outcome to be stored as a score of a trace or session. */
export interface NewScore extends Outcome {
  readonly project_id: string;
  readonly run_id: string;
  readonly metric: string;
  /** The trace's id or the session's. */
  readonly target_id: string;
  /** The `content_hash` of the judged trace or the `session_content` of the judged session; `null` if unknown. */
  readonly contentHash: string | null;
  /** For a session: the traces whose failed signals the score's reason mentions. */
  readonly failedTraces?: readonly string[];
}

/** An evaluation item that has ended. */
export interface EndedItem extends NewScore {
  readonly position: number;
}

/** A new score as a row, for `json_to_recordset`. */
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
    content_hash: score.contentHash,
    reason: cutFreeText(storableText(score.reason)),
    metadata: toJson(score.metadata),
  };
}
