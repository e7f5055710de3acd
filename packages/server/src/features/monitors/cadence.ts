import { CronPattern } from "./cron.ts";

/** When a monitor fires. */
export interface Schedule {
  /** `every_6h`, `daily`, `weekly`, or `cron:` and five fields. */
  readonly cadence: string;
  /** The IANA time zone of a `cron:` cadence. */
  readonly timezone: string;
  /** What the periods of the other cadences are counted from. */
  readonly createdAt: Date;
}

const hour = 3_600_000;
const periods: ReadonlyMap<string, number> = new Map([
  ["every_6h", 6 * hour],
  ["daily", 24 * hour],
  ["weekly", 7 * 24 * hour],
]);

/** Longer ones say nothing that a shorter one does not. */
const longestCadence = 500;

export const understoodCadences =
  "every_6h, daily, weekly, and cron: followed by five fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC), weekday (0-7 or SUN-SAT, 0 and 7 are Sunday). A field is *, a number, a range 1-5, steps */15 or 8-18/2, or a list of these; together they must name a day that exists";

/** Whether the cadence is one of {@link understoodCadences}. */
export function isCadence(cadence: string): boolean {
  if (periods.has(cadence)) return true;
  if (cadence.length > longestCadence) return false;
  try {
    return readCron(cadence) !== null;
  } catch {
    return false;
  }
}

/**
 * The first tick after an instant.
 *
 * @throws where the cadence or the time zone is none that this server understands.
 */
export function nextTick({ cadence, timezone, createdAt }: Schedule, after: Date): Date {
  const period = periods.get(cadence);
  if (period === undefined) {
    const cron = readCron(cadence);
    if (cron === null) throw new Error(`${cadence} is no cadence`);
    return cron.next(after, timezone);
  }
  const past = after.getTime() - createdAt.getTime();
  const count = Math.max(1, Math.floor(past / period) + 1);
  return new Date(createdAt.getTime() + count * period);
}

function readCron(cadence: string): CronPattern | null {
  return cadence.startsWith("cron:") ? new CronPattern(cadence.slice("cron:".length)) : null;
}
