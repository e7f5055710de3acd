import { UsageError } from "./usage-error.ts";

const unitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads a duration: `90s`, `30m`, `24h`, `7d` or `2w`.
 *
 * @returns milliseconds
 * @throws UsageError for anything else, such as a number without a unit.
 */
export function durationMs(option: string, text: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(amount) * (unitsMs[unit] ?? 0);
  if (!(milliseconds > 0)) {
    throw new UsageError(
      `--${option} must be a duration above 0 with a unit, such as 90s, 30m, 24h, 7d or 2w, not "${text}".`,
    );
  }
  return milliseconds;
}

/** Reads a decimal number between two bounds. @throws UsageError for anything else. */
export function boundedNumber(what: string, text: string, least: number, most: number): number {
  const number = /^\d*\.?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    const range = most === Number.POSITIVE_INFINITY ? `of ${least} or more` : `from ${least} to ${most}`;
    throw new UsageError(`${what} must be a number ${range}, not "${text}".`);
  }
  return number;
}

/** Reads a whole number, 0 or more. @throws UsageError for anything else. */
export function wholeNumber(what: string, text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new UsageError(`${what} must be a whole number, not "${text}".`);
  return Number(text);
}

/** Reads the values of an option such as `--min metric=0.8`: a number from 0 to 1 for each metric. */
export function metricNumbers(option: string, given: readonly string[] = []): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const text of given) {
    const [, metric, number] = /^\s*([^\s=]+)\s*=(.*)$/.exec(text) ?? [];
    if (metric === undefined || number === undefined) {
      throw new UsageError(
        `--${option} must be a metric and a number, such as task_completion=0.8, not "${text}".`,
      );
    }
    if (numbers.has(metric)) throw new UsageError(`--${option} is given twice for ${metric}.`);
    numbers.set(metric, boundedNumber(`--${option} ${metric}`, number, 0, 1));
  }
  return numbers;
}

/** Reads an id of the server's. @param what what the id identifies, with its article */
export function idOf(option: string, what: string, text: string): string {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text.trim())) return text.trim();
  throw new UsageError(
    `--${option} must be the id of ${what}, such as 019ce180-7185-70d1-a4cb-3656fed4e2a3, not "${text}".`,
  );
}
