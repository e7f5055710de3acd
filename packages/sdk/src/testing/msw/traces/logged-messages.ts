import { withContent } from "@pandaprobe/contract/otel";
import { keptMetadata, type OtelMessage } from "@pandaprobe/contract/rules";
import type { KeptMessage, Project, SpanFields, StoredTrace } from "../state/project.ts";
import type { World } from "../world.ts";
import { noteChange } from "./trace-store.ts";

const dayMs = 86_400_000;

/** Stores messages of model calls, each once. Those whose span does not exist wait for it. */
export function noteMessages(world: World, project: Project, messages: readonly OtelMessage[]): void {
  for (const message of messages) {
    const { place: _, ...identity } = message;
    const key = JSON.stringify(identity);
    if (!project.messages.has(key)) {
      project.messages.set(key, { message, at: world.clock.now(), waiting: true });
    }
  }
  fillSpans(world, project);
}

/**
 * Gives spans without messages of their own those from log events, and deletes messages that are older than a day.
 *
 * @param replaced the trace whose spans were just stored: they have only their own content.
 */
export function fillSpans(world: World, project: Project, replaced?: string): void {
  const bySpan = new Map<string, KeptMessage[]>();
  for (const [key, kept] of project.messages) {
    if (kept.at < world.clock.now() - dayMs) project.messages.delete(key);
    else {
      const { spanId, traceId } = kept.message;
      const span = `${traceId} ${spanId}`;
      bySpan.set(span, [...(bySpan.get(span) ?? []), kept]);
    }
  }
  for (const kept of bySpan.values()) {
    const stored = project.traces.get(kept[0]?.message.traceId ?? "");
    const span = stored?.spans.get(kept[0]?.message.spanId ?? "");
    if (stored === undefined || span === undefined) continue;
    if (stored.fields.trace_id !== replaced && kept.every(({ waiting }) => !waiting)) continue;
    if (fill(stored, span, kept)) noteChange(world, stored);
    for (const each of kept) each.waiting = false;
  }
}

/** @returns whether the messages changed the trace. */
function fill(stored: StoredTrace, span: SpanFields, kept: readonly KeptMessage[]): boolean {
  const now = messageContent(kept);
  const before = messageContent(kept.filter(({ waiting }) => !waiting));
  let changed = false;
  for (const side of ["input", "output"] as const) {
    const had = span[side];
    if (now[side] === undefined || !isNew(had, before[side], now[side])) continue;
    span[side] = now[side];
    changed = true;
    const rank = stored.ranks.get(span.span_id)?.[side];
    if (stored.summary === null || rank === undefined) continue;
    const former = stored.summary[side];
    stored.summary = withContent(stored.summary, { [side]: rank });
    if (stored.summary[side] !== rank) continue;
    // Fields that a client has changed meanwhile stay.
    const isLeft = former === rank && !isSame(stored.fields[side], had ?? before[side] ?? null);
    if (!isLeft) stored.fields = { ...stored.fields, [side]: now[side] };
  }
  const { tools, ...parameters } = span.model_parameters ?? {};
  if (now.tools === undefined || !isNew(tools, before.tools, now.tools)) return changed;
  const whole = { ...parameters, tools: now.tools };
  // Nothing is cut for them.
  if (keptMetadata(whole) !== whole) return changed;
  span.model_parameters = whole;
  return true;
}

/** Whether a span lacks content of its own: it has none, or only that of earlier messages. */
function isNew(had: unknown, before: unknown, now: unknown): boolean {
  return (had == null || isSame(had, before)) && !isSame(had, now);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

interface MessageContent {
  readonly input: unknown;
  readonly output: unknown;
  readonly tools: readonly unknown[] | undefined;
}

/** Messages in the same form as from a span's attributes: one answer by itself, several as a conversation. */
function messageContent(kept: readonly KeptMessage[]): MessageContent {
  const messages = kept
    .map(({ message }) => message)
    .sort(
      (a, b) =>
        a.time[0] - b.time[0] || a.time[1] - b.time[1] || a.place - b.place || (a.name < b.name ? -1 : 1),
    );
  const input = messages.flatMap((message) => message.input);
  const output = messages.flatMap((message) => message.output);
  return {
    input: input.length === 0 ? undefined : { messages: input },
    output: output.length > 1 ? { messages: output } : output[0],
    tools: messages.find(({ tools }) => tools !== null)?.tools ?? undefined,
  };
}
