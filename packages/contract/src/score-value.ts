import type { ScoreDataType } from "./common/enums.ts";

/** A plain decimal from 0 to 1: digits and at most one point; no sign, exponent or space. */
const unitDecimal = /^(?:0*\.\d+|0+|0*1(?:\.0+)?)$/;

/** Why a value is invalid for a score of this type, or `null` if it is valid. */
export function scoreValueError(type: ScoreDataType, value: string): string | null {
  switch (type) {
    case "NUMERIC":
      return value.length <= 255 && unitDecimal.test(value)
        ? null
        : 'must be a plain decimal from 0 to 1, such as "0.85", for NUMERIC scores';
    case "BOOLEAN":
      return value === "true" || value === "false" ? null : 'must be "true" or "false" for BOOLEAN scores';
    case "CATEGORICAL":
      return value.length > 0 && [...value.slice(0, 512)].length <= 255 && value.length <= 510
        ? null
        : "must have 1 to 255 characters for CATEGORICAL scores";
  }
}
