import type { ScoreDataType } from "../../common/enums.ts";
import { scoreValueError } from "../../score-value.ts";
import { ProblemError } from "../problem.ts";

type Metadata = Readonly<Record<string, unknown>>;

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

/** Whether there was something to judge: statistics leave a score out whose metadata says `applicable: false`. */
export function isApplicable(metadata: Metadata): boolean {
  return metadata["applicable"] !== false;
}

/**
 * Whether a score reached its threshold, as its metadata says; `null` if it has no threshold, if it failed, or if there was
 * nothing to judge.
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
 * The metadata of a score that a person corrects. `success` follows the value, and a new value makes a score applicable.
 * Metadata that is sent replaces what is stored, `threshold` included.
 */
export function changedMetadata(
  stored: { readonly data_type: ScoreDataType; readonly metadata: Metadata },
  value: string,
  change: { readonly value?: string | undefined; readonly metadata?: Metadata | null | undefined },
): Record<string, unknown> {
  const metadata = { ...(change.metadata === undefined ? stored.metadata : change.metadata) };
  if (change.value !== undefined && change.metadata === undefined && !isApplicable(metadata)) {
    delete metadata["applicable"];
    delete metadata["note"];
  }
  const threshold = metadata["threshold"];
  if (stored.data_type === "NUMERIC" && typeof threshold === "number") {
    metadata["success"] = Number(value) >= threshold;
  }
  return metadata;
}
