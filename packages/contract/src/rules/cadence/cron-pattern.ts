import { Cron } from "croner";
import { firstInstantOf, localTimeAt } from "./local-time.ts";

/** One item of a field: `*`, a number, a name or a range, with or without steps. Croner would also accept L, W, #, ?, +. */
const value = "(?:\\d{1,2}|[A-Za-z]{3})";
const item = `(?:\\*|${value}(?:-${value})?)(?:/\\d{1,2})?`;
const field = `${item}(?:,${item})*`;
const fiveFields = new RegExp(`^${field}(?: +${field}){4}$`);

/** A cron pattern of five fields, and the local times it matches. */
export class CronPattern {
  readonly #cron: Cron;

  /** @throws Error if the text is not a pattern, or matches no date (`0 0 30 2 *`). */
  constructor(text: string) {
    const pattern = text.trim();
    if (!fiveFields.test(pattern)) throw new Error(`${pattern} is not a cron pattern of five fields`);
    // Croner handles patterns and the calendar. It works in UTC, where clocks never change; clock changes are handled here.
    this.#cron = new Cron(pattern, { timezone: "UTC", mode: "5-part" });
    if (this.#cron.nextRun(new Date(0)) === null) throw new Error(`${pattern} matches no date`);
  }

  /**
   * The first instant after `after` at which the pattern fires in a zone. Each local time it matches fires once a day:
   * when the clocks first show it or, if they skip it, at the first instant after the gap.
   */
  next(after: Date, zone: string): Date {
    let localTime = localTimeAt(after.getTime(), zone);
    for (;;) {
      const match = this.#cron.nextRun(new Date(localTime));
      if (match === null)
        throw new Error(`${this.#cron.getPattern()} matches no time after ${after.toISOString()}`);
      localTime = match.getTime();
      const instant = firstInstantOf(localTime, zone);
      // When the clocks go back, a local time comes twice; the first time has passed then.
      if (instant > after.getTime()) return new Date(instant);
    }
  }
}
