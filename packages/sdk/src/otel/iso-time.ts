import type { OtelTime } from "./otel-span.ts";

/** Cut to milliseconds, as the server keeps it. */
export function isoTime([seconds, nanoseconds]: OtelTime, plusMs = 0): string {
  return new Date(seconds * 1000 + Math.floor(nanoseconds / 1_000_000) + plusMs).toISOString();
}
