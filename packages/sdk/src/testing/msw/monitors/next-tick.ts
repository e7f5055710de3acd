import { Cron } from "croner";

const hourMs = 3_600_000;
const periods: ReadonlyMap<string, number> = new Map([
  ["every_6h", 6 * hourMs],
  ["daily", 24 * hourMs],
  ["weekly", 7 * 24 * hourMs],
]);
/** Croner would take more than the server does: seconds, L, W, #, ?, +. */
const fiveFields =
  /^(?:(?:\*|\w{1,3}(?:-\w{1,3})?)(?:\/\d{1,2})?(?:,(?:\*|\w{1,3}(?:-\w{1,3})?)(?:\/\d{1,2})?)*(?: +|$)){5}$/;
const longestCadence = 500;

/** What a cadence may be, as the server tells it. */
export const understoodCadences =
  "every_6h, daily, weekly, and cron: followed by five fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12 or JAN-DEC), weekday (0-7 or SUN-SAT, 0 and 7 are Sunday). A field is *, a number, a range 1-5, steps */15 or 8-18/2, or a list of these; together they must name a day that exists";

/** What says when a monitor fires. */
interface Schedule {
  readonly cadence: string;
  readonly timezone: string;
  /** What the periods are counted from. */
  readonly created_at: string;
}

/** Whether a monitor can have this cadence. */
export function isCadence(cadence: string): boolean {
  if (periods.has(cadence)) return true;
  try {
    return cadence.length <= longestCadence && cronOf(cadence, "UTC").nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

/** The first tick after an instant, in milliseconds. */
export function nextTick({ cadence, timezone, created_at }: Schedule, after: number): number {
  const period = periods.get(cadence);
  if (period === undefined) {
    const next = cronOf(cadence, timezone).nextRun(new Date(after));
    if (next === null)
      throw new RangeError(`${cadence} names no time after ${new Date(after).toISOString()}.`);
    return next.getTime();
  }
  const start = Date.parse(created_at);
  return start + Math.max(1, Math.floor((after - start) / period) + 1) * period;
}

/** @throws where it is no cron cadence. */
function cronOf(cadence: string, timezone: string): Cron {
  const [, pattern = ""] = /^cron:(.*)$/.exec(cadence) ?? [];
  if (!fiveFields.test(pattern.trim())) throw new RangeError(`${cadence} is no cadence.`);
  return new Cron(pattern.trim(), { timezone, mode: "5-part", paused: true });
}
