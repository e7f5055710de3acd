import type { ScoreDataType } from "./common/enums.ts";
import { limits } from "./common/limits.ts";

/** A plain decimal from 0 to 1: digits and at most one point; no sign, exponent or space. */
const unitDecimal = /^(?:0*\.\d+|0+|0*1(?:\.0+)?)$/;
const withExponent = /^(\d*)(?:\.(\d*))?[eE]([+-]?\d{1,3})$/;

/**
 * The form in which a value is stored: numbers without an exponent (`1e-05` is `0.00001`), booleans in lower case. Any other
 * value is returned as it is.
 */
export function canonicalScoreValue(type: ScoreDataType, value: string): string {
  if (value.length > limits.label) return value;
  if (type === "BOOLEAN") return /^(?:true|false)$/i.test(value) ? value.toLowerCase() : value;
  return type === "NUMERIC" ? withoutExponent(value) : value;
}

/** Moves the decimal point in the text, because a number would lose digits. */
function withoutExponent(value: string): string {
  const match = withExponent.exec(value);
  if (match === null) return value;
  const [, whole = "", fraction = "", exponent = ""] = match;
  if (whole + fraction === "") return value;
  const point = whole.length + Number(exponent);
  const digits = (whole + fraction).padEnd(point, "0").padStart(whole.length + fraction.length - point, "0");
  const at = Math.max(point, 0);
  const plain = `${digits.slice(0, at)}.${digits.slice(at)}`;
  return plain
    .replace(/^0*(?=\d)/, "")
    .replace(/^\./, "0.")
    .replace(/\.?0*$/, "");
}

/** Why a value is invalid for a score of this type, or `null` if its canonical form is valid. */
export function scoreValueError(type: ScoreDataType, value: string): string | null {
  const canonical = canonicalScoreValue(type, value);
  switch (type) {
    case "NUMERIC":
      return canonical.length <= limits.label && unitDecimal.test(canonical)
        ? null
        : `must be a decimal from 0 to 1 of at most ${limits.label} digits, such as "0.85", for NUMERIC scores`;
    case "BOOLEAN":
      return canonical === "true" || canonical === "false"
        ? null
        : 'must be "true" or "false" for BOOLEAN scores';
    case "CATEGORICAL":
      return value.length > 0 && [...value.slice(0, 512)].length <= 255 && value.length <= 510
        ? null
        : "must have 1 to 255 characters for CATEGORICAL scores";
  }
}
