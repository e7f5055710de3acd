import { UsageError } from "./usage-error.ts";

/** Reads a plain decimal between two bounds. @throws UsageError for anything else. */
export function boundedNumber(what: string, text: string, least: number, most: number): number {
  const number = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    const range = most === Number.POSITIVE_INFINITY ? `of ${least} or more` : `from ${least} to ${most}`;
    throw new UsageError(`${what} must be a number ${range}, not "${text}".`);
  }
  return number;
}

/** Reads a whole number from 0. @throws UsageError for anything else. */
export function wholeNumber(what: string, text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new UsageError(`${what} must be a whole number, not "${text}".`);
  return Number(text);
}
