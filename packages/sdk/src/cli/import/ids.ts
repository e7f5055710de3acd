import { createHash } from "node:crypto";

const uuid = /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i;

/**
 * The id as a UUID: itself if it is one, with or without hyphens, and otherwise always the same UUID for the
 * same text.
 */
export function uuidOf(kind: "trace" | "span", id: string): string {
  if (uuid.test(id)) return hyphenated(id.replaceAll("-", "").toLowerCase());
  const hash = createHash("sha256").update(`pandaprobe import ${kind} ${id}`).digest("hex");
  // RFC 9562, version 8: a UUID in a custom form.
  return hyphenated(`${hash.slice(0, 12)}8${hash.slice(13, 16)}8${hash.slice(17, 32)}`);
}

/** The id of a span: OpenTelemetry's 16 digits as in the exporter; other ids are unique only within their trace. */
export function spanIdOf(traceId: string, id: string): string {
  if (/^[\da-f]{16}$/i.test(id)) return hyphenated(id.toLowerCase().padStart(32, "0"));
  return uuidOf("span", uuid.test(id) ? id : `${traceId} ${id}`);
}

function hyphenated(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
