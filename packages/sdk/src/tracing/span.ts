import type { SpanCreate } from "@pandaprobe/sdk";
import { newUuid } from "../traces/queued-trace.ts";
import type { OpenTrace, SentSpan } from "./open-trace.ts";
import { errorText, toJson } from "./to-json.ts";

/** The fields of a span, as in the API. Values are copied at once; those that JSON cannot represent become text. */
export interface SpanFields {
  readonly name?: string | undefined;
  /** Default: OTHER. */
  readonly kind?: SpanCreate["kind"];
  readonly input?: unknown;
  readonly output?: unknown;
  /** The model of an LLM or embedding call. */
  readonly model?: string | undefined;
  /** `prompt_tokens` and `completion_tokens` (or `input_tokens` and `output_tokens`), or `total_tokens`. */
  readonly token_usage?: object | undefined;
  /** Temperature and other parameters. List the tools declared to the model under `tools`. */
  readonly model_parameters?: object | undefined;
  /** In USD: `total`, or the parts to add up. */
  readonly cost?: Readonly<Record<string, number>> | undefined;
  /** Added to the span's metadata, key by key. */
  readonly metadata?: object | undefined;
}

/** A step of an agent that has started. Its methods never throw, and do nothing after its end. */
export interface Span extends Disposable {
  /** The id of the trace, for example to evaluate it. */
  readonly traceId: string;
  readonly spanId: string;
  /** Sets or adds fields. */
  update(fields: SpanFields): void;
  /** Gives the span the status ERROR, and the error's message. */
  fail(error: unknown): void;
  /** Calls a function. Spans that start in it, and in what it awaits, are children of this one. */
  run<T>(callback: () => T): T;
  /** Ends the span; the end of the first span of a trace sends the trace. `using` calls it at the end of a block. */
  end(fields?: SpanFields): void;
}

const values = ["input", "output"] as const;
const texts = ["name", "model"] as const;
const containers = ["token_usage", "model_parameters", "cost", "metadata"] as const;

/** A span of a trace. `enter` calls a function with a span as the current one. */
export class OpenSpan implements Span {
  readonly spanId = newUuid();
  readonly trace: OpenTrace;
  readonly #enter: <T>(span: OpenSpan, callback: () => T) => T;
  readonly #sent: SentSpan;
  #hasEnded = false;

  constructor(
    trace: OpenTrace,
    parent: OpenSpan | undefined,
    name: string,
    enter: <T>(span: OpenSpan, callback: () => T) => T,
  ) {
    this.trace = trace;
    this.#enter = enter;
    const parent_span_id = parent?.spanId ?? null;
    this.#sent = { span_id: this.spanId, parent_span_id, name, status: "OK", started_at: trace.now() };
  }

  get traceId(): string {
    return this.trace.id;
  }

  update(fields: SpanFields): void {
    if (this.#hasEnded) return;
    try {
      for (const name of values) {
        if (fields[name] !== undefined) this.#sent[name] = toJson(fields[name]);
      }
      for (const name of texts) {
        if (typeof fields[name] === "string" && fields[name] !== "") this.#sent[name] = fields[name];
      }
      for (const name of containers) {
        const copy = toJson(fields[name]);
        if (typeof copy !== "object" || copy === null) continue;
        Object.assign(this.#sent, { [name]: { ...this.#sent[name], ...copy } });
      }
      if (fields.kind !== undefined) this.#sent.kind = fields.kind;
    } catch {
      // A getter threw. The program must not notice.
    }
  }

  fail(error: unknown): void {
    if (!this.#hasEnded) Object.assign(this.#sent, { status: "ERROR", error: errorText(error) });
  }

  /** Notes that the first part of a stream arrived. */
  startAnswer(): void {
    this.#sent.completion_start_time ??= this.trace.now();
  }

  run<T>(callback: () => T): T {
    return this.#enter(this, callback);
  }

  end(fields?: SpanFields): void {
    if (this.#hasEnded) return;
    if (fields !== undefined) this.update(fields);
    this.#hasEnded = true;
    this.trace.add({ ...this.#sent, ended_at: this.trace.now() });
  }

  [Symbol.dispose](): void {
    this.end();
  }
}
