/** Cuts a text to the server's limit of characters, because the server would reject the trace. */
export function limitedText(text: string, max: number): string {
  return text.length <= max ? text : Array.from(text).slice(0, max).join("");
}

import type { OtelTime } from "./otel-span.ts";

/** The time as ISO text, cut to the milliseconds that the server keeps. */
export function isoTime([seconds, nanoseconds]: OtelTime, plusMs = 0): string {
  return new Date(seconds * 1000 + Math.floor(nanoseconds / 1_000_000) + plusMs).toISOString();
}
