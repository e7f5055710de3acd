import type { TraceCreate } from "../traces.ts";
import { limits } from "./limits.ts";

/** Clients send null for values that they do not know yet, or no longer. It must not erase those of an earlier POST. */
const neverCleared = ["session_id", "user_id", "ended_at", "release", "environment"] as const;

/** A sent trace without the nulls that change nothing. PATCH clears these fields instead. */
export function withoutUnknown(sent: TraceCreate): TraceCreate {
  const trace = { ...sent };
  for (const field of neverCleared) if (trace[field] === null) delete trace[field];
  return trace;
}

/** Adds metadata key by key: a sent key replaces the stored one of the same name, and the others stay. */
export function mergedMetadata(
  stored: Readonly<Record<string, unknown>> | undefined,
  sent: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  // Spreading would set the prototype for a key `__proto__`.
  return Object.fromEntries([...Object.entries(stored ?? {}), ...Object.entries(sent ?? {})]);
}

/** The stored tags, then those that are new, up to the limit. */
export function unitedTags(stored: readonly string[] = [], sent: readonly string[] = []): string[] {
  const known = new Set(stored);
  const all = [...stored, ...sent.filter((tag) => !known.has(tag))];
  return all.slice(0, Math.max(limits.tags, stored.length));
}

/** The sent tags that a trace has no room for. */
export function droppedTags(kept: readonly string[], sent: readonly string[] = []): number {
  const known = new Set(kept);
  return new Set(sent.filter((tag) => !known.has(tag))).size;
}

export function droppedTagsWarning(dropped: number): string {
  return `tags: the trace has ${limits.tags} tags, and ${dropped} more were dropped.`;
}
