import type { ScoreDataType, ScoreStatus } from "../../common/enums.ts";
import { canonicalScoreValue, scoreValueError } from "../../score-value.ts";
import { ProblemError } from "../problem.ts";

type Metadata = Readonly<Record<string, unknown>>;

/**
 * The value and the status of a score after a change. A score without a value may stay without one, with its status, if
 * the change says `null`.
 *
 * @throws ProblemError `validation_error` for a value of the wrong type, for `null` if the score has a value, and for
 * a change without `value` if it has none.
 */
export function changedValue(
  stored: { readonly data_type: ScoreDataType; readonly value: string | null; readonly status: ScoreStatus },
  value: string | null | undefined,
): { readonly value: string | null; readonly status: ScoreStatus } {
  if (value == null) {
    if (stored.value === null && value === undefined) {
      throw invalidValue(
        "This score failed and has no value: send one to make it a success, or null to keep it failed.",
        "missing",
      );
    }
    if (stored.value !== null && value === null) {
      throw invalidValue("value must not be null: this score has a value.", "custom");
    }
    return { value: stored.value, status: stored.value === null ? stored.status : "SUCCESS" };
  }
  const error = scoreValueError(stored.data_type, value);
  if (error !== null) throw invalidValue(`value ${error}.`, "custom");
  return { value: canonicalScoreValue(stored.data_type, value), status: "SUCCESS" };
}

function invalidValue(msg: string, type: string): ProblemError {
  return new ProblemError("validation_error", msg, { errors: [{ loc: ["body", "value"], msg, type }] });
}

/** Whether there was something to judge: statistics leave a score out whose metadata says `applicable: false`. */
export function isApplicable(metadata: Metadata): boolean {
  return metadata["applicable"] !== false;
}

/**
 * Whether a score reached its threshold, as its metadata says; `null` if it has no threshold, if it failed, or if
 * there was nothing to judge.
 */
export function hasPassed({
  status,
  metadata,
}: {
  readonly status: string;
  readonly metadata: Metadata;
}): boolean | null {
  const success = metadata["success"];
  return status === "SUCCESS" && isApplicable(metadata) && typeof success === "boolean" ? success : null;
}

/**
 * The metadata of a score that a person corrects. `success` follows the value, and a new value makes a score
 * applicable. Metadata that is sent replaces what is stored, including `threshold`.
 */
export function changedMetadata(
  stored: { readonly data_type: ScoreDataType; readonly metadata: Metadata },
  value: string | null,
  change: { readonly value?: string | null | undefined; readonly metadata?: Metadata | null | undefined },
): Record<string, unknown> {
  const metadata = { ...(change.metadata === undefined ? stored.metadata : change.metadata) };
  if (change.value != null && change.metadata === undefined && !isApplicable(metadata)) {
    delete metadata["applicable"];
    delete metadata["note"];
  }
  const threshold = metadata["threshold"];
  if (value !== null && stored.data_type === "NUMERIC" && typeof threshold === "number") {
    metadata["success"] = Number(value) >= threshold;
  }
  return metadata;
}
