import { Cron } from "croner";
import { firstInstantOf, localTimeAt } from "./local-time.ts";

/** One item of a field: `*`, a number, a name or a range, with or without steps. Croner would take more: L, W, #, ?, +. */
const value = "(?:\\d{1,2}|[A-Za-z]{3})";
const item = `(?:\\*|${value}(?:-${value})?)(?:/\\d{1,2})?`;
const field = `${item}(?:,${item})*`;
const fiveFields = new RegExp(`^${field}(?: +${field}){4}$`);

/** A cron pattern of five fields, and the local times it names. */
export class CronPattern {
  readonly #cron: Cron;

  /** @throws where the text is no pattern, or names no time that ever comes (`0 0 30 2 *`). */
  constructor(text: string) {
    const pattern = text.trim();
    if (!fiveFields.test(pattern)) throw new Error(`${pattern} is no cron pattern of five fields`);
    // Croner reads patterns and the calendar. In UTC it meets no change of the clocks: those are ours.
    this.#cron = new Cron(pattern, { timezone: "UTC", mode: "5-part" });
    if (this.#cron.nextRun(new Date(0)) === null) throw new Error(`${pattern} names no day that exists`);
  }

  /**
   * The first instant after `after` at which the pattern fires in a zone: each local time that it names fires once a
   * day, when the clocks first show it, or, where they skip it, at the first instant after the gap.
   */
  next(after: Date, zone: string): Date {
    let localTime = localTimeAt(after.getTime(), zone);
    for (;;) {
      const named = this.#cron.nextRun(new Date(localTime));
      if (named === null)
        throw new Error(`${this.#cron.getPattern()} names no time after ${after.toISOString()}`);
      localTime = named.getTime();
      const instant = firstInstantOf(localTime, zone);
      // A time that is shown a second time was past when it was shown first.
      if (instant > after.getTime()) return new Date(instant);
    }
  }
}
