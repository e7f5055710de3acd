import type { SpanCreate } from "@pandaprobe/sdk";
import type { TraceSender } from "@pandaprobe/sdk/traces";
import { newUuid } from "../traces/queued-trace.ts";

/** The fields of a conversation, as in the API. */
export interface SessionFields {
  /** The conversation that the traces are part of. */
  readonly session_id?: string | undefined;
  readonly user_id?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly environment?: string | undefined;
  readonly release?: string | undefined;
}

/** A span as it is sent. */
export type SentSpan = SpanCreate & { span_id: string; parent_span_id: string | null };

/** Further spans are sent before the trace ends, so that neither memory nor a request grows with the trace. */
const mostSpansHeld = 500;
const mostCharactersHeld = 1_000_000;

/** A trace whose root has started. Its spans are collected as they end, and sent with the root or earlier. */
export class OpenTrace {
  readonly id = newUuid();
  readonly #send: TraceSender["send"];
  readonly #name: string;
  readonly #startedAt: string;
  readonly #wallMs = Date.now();
  readonly #clockMs = performance.now();
  #lastMicroseconds = 0;
  #session: SessionFields;
  #spans: SentSpan[] = [];
  #characters = 0;
  #root: SentSpan | undefined;

  constructor(send: TraceSender["send"], name: string, session: SessionFields) {
    this.#send = send;
    this.#name = name;
    this.#session = session;
    this.#startedAt = this.now();
  }

  /**
   * The time in microseconds, never the same twice in a trace, because spans are ordered by it and many may start in
   * one millisecond.
   */
  now(): string {
    const passed = Math.round((performance.now() - this.#clockMs) * 1000);
    this.#lastMicroseconds = Math.max(passed, this.#lastMicroseconds + 1);
    const wall = new Date(this.#wallMs + Math.floor(this.#lastMicroseconds / 1000)).toISOString();
    return wall.replace("Z", `${this.#lastMicroseconds % 1000}`.padStart(3, "0").concat("Z"));
  }

  /** Adds fields that the trace does not have yet, because a trace belongs to one session. */
  addSession(session: SessionFields): void {
    this.#session = joined(session, this.#session);
  }

  /** Takes a span that has ended. The end of the root ends the trace; a span that ends later is sent on its own. */
  add(span: SentSpan): void {
    this.#spans.push(span);
    this.#characters += JSON.stringify(span).length;
    if (span.parent_span_id === null) this.#root = span;
    const isFull = this.#spans.length >= mostSpansHeld || this.#characters >= mostCharactersHeld;
    if (this.#root !== undefined || isFull) this.#sendSpans();
  }

  #sendSpans(): void {
    const { session_id, user_id, tags, environment, release } = this.#session;
    const root = this.#root;
    const spans = this.#spans;
    this.#spans = [];
    this.#characters = 0;
    this.#send({
      trace_id: this.id,
      name: root?.name ?? this.#name,
      started_at: this.#startedAt,
      status: root === undefined ? "RUNNING" : root.status === "ERROR" ? "ERROR" : "COMPLETED",
      ...(root && {
        ended_at: root.ended_at,
        input: root.input,
        output: root.output,
        metadata: root.metadata,
      }),
      session_id,
      user_id,
      tags: tags && [...tags],
      environment,
      release,
      spans,
    });
    // Fields that were sent stay, so a later span need not repeat them.
    if (root !== undefined) this.#root = { ...root, input: undefined, output: undefined };
  }
}

/** Merges the fields of two sessions. If both have a field, the second counts; tags are united. */
export function joined(first: SessionFields, second: SessionFields): SessionFields {
  const given = Object.entries(second).filter(([, value]) => value !== undefined);
  const tags = [...new Set([...(first.tags ?? []), ...(second.tags ?? [])])];
  return { ...first, ...Object.fromEntries(given), ...(tags.length > 0 && { tags }) };
}
