import { limitedText } from "@pandaprobe/contract/otel";
import type { ScoreBody } from "./imported.ts";
import { RowError } from "./row.ts";

type Value = Required<Pick<ScoreBody, "value" | "data_type" | "metadata">>;

/** The most characters of a value. */
const longest = 255;

/**
 * A number from 0 to 1 is a NUMERIC value, with its label in the metadata. For any other number, the value is the
 * label, or the number as text, and the number is in the metadata.
 *
 * @throws RowError if there is neither.
 */
export function scoredValue(score: unknown, label: unknown): Value {
  const given = typeof label === "string" && label !== "" ? label : undefined;
  if (typeof score === "boolean") return { data_type: "BOOLEAN", value: String(score), metadata: {} };
  const number = typeof score === "string" && score.trim() !== "" ? Number(score) : score;
  if (typeof number === "number" && Number.isFinite(number)) {
    if (number >= 0 && number <= 1) {
      const metadata = given === undefined ? {} : { label: given };
      return { data_type: "NUMERIC", value: String(number), metadata };
    }
    return labelled(given ?? String(number), { score: number });
  }
  if (given === undefined) throw new RowError("The score has neither a number nor a label.");
  return labelled(given, {});
}

/** A CATEGORICAL value. If the text is too long, it is cut, and the metadata has all of it. */
export function labelled(label: string, metadata: Record<string, unknown>): Value {
  const value = limitedText(label, longest);
  return {
    data_type: "CATEGORICAL",
    value,
    metadata: value === label ? metadata : { ...metadata, text: label },
  };
}
