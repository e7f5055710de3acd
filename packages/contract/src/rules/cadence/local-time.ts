/*
 * A local time is what a clock on the wall shows. It is stored as the instant, in milliseconds, at which a clock in UTC
 * shows the same.
 */

const day = 86_400_000;

/** A zone's local time at an instant. */
export function localTimeAt(instant: number, zone: string): number {
  const parts = formatter(zone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const milliseconds = ((instant % 1000) + 1000) % 1000;
  return Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
    milliseconds,
  );
}

/**
 * The instant at which the clocks of a zone first show a local time or, if they skip it, the first instant after the gap.
 * A later local time never maps to an earlier instant.
 */
export function firstInstantOf(localTime: number, zone: string): number {
  // Zones are at most 14 hours from UTC, and none changes its clocks twice within two days.
  const offsets = [localTime - day, localTime + day].map((instant) => localTimeAt(instant, zone) - instant);
  const candidates = offsets.map((offset) => localTime - offset);
  const instants = candidates.filter((instant) => localTimeAt(instant, zone) === localTime);
  if (instants.length > 0) return Math.min(...instants);
  return changeBetween(Math.min(...candidates), Math.max(...candidates), zone);
}

/** The first instant after `before` with the same UTC offset as `after`. */
function changeBetween(before: number, after: number, zone: string): number {
  const offset = localTimeAt(after, zone) - after;
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (localTimeAt(middle, zone) - middle === offset) high = middle;
    else low = middle;
  }
  return high;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Cached: creating one takes a hundred times as long as using it. */
function formatter(zone: string): Intl.DateTimeFormat {
  let known = formatters.get(zone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, known);
  }
  return known;
}
