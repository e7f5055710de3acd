import { invalidField } from "../problem.ts";
import { cadenceGapSeconds, periodSeconds } from "./cadence-gap.ts";
import { CronPattern } from "./cron-pattern.ts";

/** When a monitor fires. */
export interface Schedule {
  /** `every_6h`, `daily`, `weekly`, or `cron:` and five fields. */
  readonly cadence: string;
  /** The IANA time zone of a `cron:` cadence. */
  readonly timezone: string;
  /** The other cadences count their periods from here. */
  readonly created_at: string;
}

/** Every pattern can be written in this length. */
const maxCadenceLength = 500;

const validCadences =
  "every_6h, daily, weekly, and cron: followed by five fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC), weekday (0-7 or SUN-SAT, 0 and 7 are Sunday). A field is *, a number, a range 1-5, steps */15 or 8-18/2, or a list of these; together they must name a day that exists";

/** @throws ProblemError `invalid_cadence` if it is not a cadence, or if its ticks are closer than `minGapSeconds`. */
export function checkCadence(cadence: string, minGapSeconds: number): void {
  const msg = cadenceProblem(cadence, minGapSeconds);
  if (msg !== null) throw invalidField("invalid_cadence", "cadence", msg, "invalid_cadence");
}

function cadenceProblem(cadence: string, minGapSeconds: number): string | null {
  if (!isCadence(cadence)) return `must be a valid cadence: ${validCadences}`;
  const gap = cadenceGapSeconds(cadence);
  if (gap >= minGapSeconds) return null;
  return `must leave at least ${minGapSeconds} s between two ticks on this server; ${JSON.stringify(cadence)} leaves ${gap} s`;
}

/** Whether a monitor can have this cadence. */
export function isCadence(cadence: string): boolean {
  if (periodSeconds.has(cadence)) return true;
  if (cadence.length > maxCadenceLength) return false;
  try {
    return readCron(cadence) !== null;
  } catch {
    return false;
  }
}

/**
 * The first tick after an instant.
 *
 * @throws Error if the cadence or the time zone is invalid.
 */
export function nextTick({ cadence, timezone, created_at }: Schedule, after: Date): Date {
  const period = periodSeconds.get(cadence);
  if (period === undefined) {
    const cron = readCron(cadence);
    if (cron === null) throw new Error(`${cadence} is not a cadence`);
    return cron.next(after, timezone);
  }
  const start = Date.parse(created_at);
  const periodMs = period * 1000;
  const count = Math.max(1, Math.floor((after.getTime() - start) / periodMs) + 1);
  return new Date(start + count * periodMs);
}

function readCron(cadence: string): CronPattern | null {
  return cadence.startsWith("cron:") ? new CronPattern(cadence.slice("cron:".length)) : null;
}
