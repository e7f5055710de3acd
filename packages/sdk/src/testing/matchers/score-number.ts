import type { Score } from "./received-scores.ts";

/** A score as a number from 0 to 1; `null` where it failed, or is a label. */
export function scoreNumber({ value, status, data_type: type }: Score): number | null {
  if (value === null || status === "FAILED") return null;
  if (type === "BOOLEAN") return value === "true" ? 1 : 0;
  return type === "NUMERIC" ? Number(value) : null;
}
