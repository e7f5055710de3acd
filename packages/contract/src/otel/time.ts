import type { OtelTime } from "./otel-span.ts";

/**
 * The time as ISO text: with milliseconds, or with nanoseconds if there are any. The server keeps those to order spans.
 *
 * @throws RangeError for an invalid time.
 */
export function isoTime([seconds, nanoseconds]: OtelTime, plusMs = 0): string {
  const ms = Math.floor(nanoseconds / 1_000_000);
  const iso = new Date(seconds * 1000 + ms + plusMs).toISOString();
  const rest = nanoseconds - ms * 1_000_000;
  return rest === 0 ? iso : `${iso.slice(0, -1)}${String(rest).padStart(6, "0")}Z`;
}

/** The later of two times. */
export function laterOf(a: OtelTime, b: OtelTime): OtelTime {
  return a[0] > b[0] || (a[0] === b[0] && a[1] >= b[1]) ? a : b;
}

/** The time as text of one length, which sorts by time. */
export function sortableTime([seconds, nanoseconds]: OtelTime): string {
  return String(seconds).padStart(12, "0") + String(nanoseconds).padStart(9, "0");
}

/** Sorts later times first. */
export function sortableLatest([seconds, nanoseconds]: OtelTime): string {
  return sortableTime([999_999_999_999 - seconds, 999_999_999 - nanoseconds]);
}
