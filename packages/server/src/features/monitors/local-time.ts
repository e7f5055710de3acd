/*
 * A local time is what a clock on the wall shows. It is held as the milliseconds that UTC would need to show the same.
 */

const day = 86_400_000;

/** What the clocks of a zone show at an instant. */
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
 * The instant at which the clocks of a zone first show a local time; where they skip it, the first instant after the
 * gap. Of two local times the later one never comes at an earlier instant.
 */
export function firstInstantOf(localTime: number, zone: string): number {
  // Zones are at most 14 hours away from UTC, and none changes its clocks twice within two days.
  const offsets = [localTime - day, localTime + day].map((instant) => localTimeAt(instant, zone) - instant);
  const candidates = offsets.map((offset) => localTime - offset);
  const instants = candidates.filter((instant) => localTimeAt(instant, zone) === localTime);
  if (instants.length > 0) return Math.min(...instants);
  return changeBetween(Math.min(...candidates), Math.max(...candidates), zone);
}

/** The first instant after `before` from which the clocks are set as they are at `after`. */
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

/** Making one takes a hundred times as long as using it. */
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
