import type { ScoreDataType } from "../../common/enums.ts";
import { scoreValueError } from "../../score-value.ts";
import { ProblemError } from "../problem.ts";

/**
 * The value of a score after a change.
 *
 * @throws ProblemError `validation_error` for a value of the wrong type, and for a failed score that still has none.
 */
export function changedValue(
  stored: { readonly data_type: ScoreDataType; readonly value: string | null },
  value: string | undefined,
): string {
  const newValue = value ?? stored.value;
  if (newValue === null) {
    throw invalidValue("This score failed and has no value: send one to make it a success.", "missing");
  }
  const error = value === undefined ? null : scoreValueError(stored.data_type, value);
  if (error !== null) throw invalidValue(`value ${error}.`, "custom");
  return newValue;
}

function invalidValue(msg: string, type: string): ProblemError {
  return new ProblemError("validation_error", msg, { errors: [{ loc: ["body", "value"], msg, type }] });
}
