import { type OtelSpan, type OtelTime, toTraces } from "@pandaprobe/sdk/otel";
import { PandaProbe } from "@pandaprobe/sdk/traces";
import { RecentTraces } from "../otel/known-traces.ts";
import type { AgentsSpan, AgentsTrace } from "./agents-types.ts";
import { hexTraceId } from "./ids.ts";
import { rootSpan, toOtelSpan } from "./to-otel-span.ts";

/** How many ended spans of unfinished traces are held before they are sent, so that memory stays bounded. */
const mostHeld = 200;

/** How many unfinished traces are remembered. After a failure a trace never finishes. */
const mostOpen = 1_000;

export interface PandaProbeTracingProcessorOptions {
  /** The client whose `traces` send. Default: a client of its own, configured by the environment. */
  readonly client?: Pick<PandaProbe, "traces"> | undefined;
}

/**
 * Sends the traces of the OpenAI Agents SDK (`@openai/agents`): a `TracingProcessor`. A trace is sent when it ends; for
 * a long one, ended spans are sent earlier. A run's `groupId` becomes the session, and its trace metadata the trace's,
 * except `user_id` and `tags`, which become user and tags. It never throws: the client's `traces` report what cannot be
 * sent.
 *
 * @example
 * ```ts
 * import { PandaProbeTracingProcessor } from "@pandaprobe/sdk/openai-agents";
 *
 * declare function addTraceProcessor(processor: PandaProbeTracingProcessor): void; // of @openai/agents
 * addTraceProcessor(new PandaProbeTracingProcessor());
 * ```
 */
export class PandaProbeTracingProcessor {
  readonly #client: Pick<PandaProbe, "traces">;
  readonly #ownsClient: boolean;
  readonly #known = new RecentTraces();
  readonly #clock = new OrderedClock();
  readonly #open = new Map<string, AgentsTrace>();
  /** By OpenTelemetry's trace id. */
  readonly #held = new Map<string, OtelSpan[]>();
  #heldCount = 0;

  /** @throws PandaProbeError if no client is given and the environment lacks the key or the project. */
  constructor(options: PandaProbeTracingProcessorOptions = {}) {
    this.#client = options.client ?? new PandaProbe();
    this.#ownsClient = options.client === undefined;
  }

  async onTraceStart(trace: AgentsTrace): Promise<void> {
    this.#clock.start(trace);
    this.#open.set(trace.traceId, trace);
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= mostOpen) break;
      this.#open.delete(oldest);
    }
  }

  async onSpanStart(span: AgentsSpan): Promise<void> {
    this.#clock.start(span, span.startedAt);
  }

  async onSpanEnd(span: AgentsSpan): Promise<void> {
    this.#hold(toOtelSpan(span, this.#clock.end(span, span.startedAt, span.endedAt)));
    const trace = this.#open.get(span.traceId);
    // The SDK does not end the trace of a run that throws.
    if (trace !== undefined && span.parentId === null && span.error !== null) this.#finish(trace);
    else if (this.#heldCount >= mostHeld) this.#sendAll();
  }

  async onTraceEnd(trace: AgentsTrace): Promise<void> {
    this.#open.delete(trace.traceId);
    this.#finish(trace);
  }

  /** Sends all ended spans. Resolves when they have arrived or were dropped, or after 30 seconds. */
  async forceFlush(): Promise<void> {
    this.#sendAll();
    await this.#client.traces.flush();
  }

  /**
   * Sends all ended spans, and closes the client's sender if the processor made the client.
   *
   * @param timeout in milliseconds. Default: 30 seconds.
   */
  async shutdown(timeout?: number): Promise<void> {
    this.#sendAll();
    const { traces } = this.#client;
    const options = timeout === undefined ? {} : { timeoutMs: timeout };
    await (this.#ownsClient ? traces.close(options) : traces.flush(options));
  }

  #finish(trace: AgentsTrace): void {
    this.#hold(rootSpan(trace, this.#clock.end(trace)));
    this.#send(hexTraceId(trace.traceId));
  }

  #hold(span: OtelSpan): void {
    const { traceId } = span.spanContext();
    const spans = this.#held.get(traceId) ?? [];
    this.#held.set(traceId, spans);
    spans.push(span);
    this.#heldCount += 1;
  }

  #sendAll(): void {
    for (const traceId of [...this.#held.keys()]) this.#send(traceId);
  }

  #send(traceId: string): void {
    const spans = this.#held.get(traceId) ?? [];
    this.#held.delete(traceId);
    this.#heldCount -= spans.length;
    for (const trace of toTraces(spans, { known: this.#known })) {
      // A trace continues if the program caught a run's failure; its root then ends again.
      const endedAt = trace.spans?.find(({ parent_span_id }) => parent_span_id === null)?.ended_at;
      this.#client.traces.send(endedAt === undefined ? trace : { ...trace, ended_at: endedAt });
    }
  }
}

/** The SDK reports milliseconds. Counted nanoseconds keep the order of events in the same millisecond. */
class OrderedClock {
  readonly #starts = new WeakMap<object, OtelTime>();
  #count = 0;

  start(of: object, iso?: string | null): void {
    this.#starts.set(of, this.#time(iso));
  }

  /** @param startedAt for a trace that did not start here, such as a run that another process began. */
  end(
    of: object,
    startedAt?: string | null,
    endedAt?: string | null,
  ): { startTime: OtelTime; endTime: OtelTime } {
    const startTime = this.#starts.get(of) ?? this.#time(startedAt ?? endedAt);
    return { startTime, endTime: this.#time(endedAt) };
  }

  #time(iso: string | null | undefined): OtelTime {
    const read = Date.parse(iso ?? "");
    const ms = Number.isNaN(read) ? Date.now() : read;
    this.#count = (this.#count + 1) % 1_000_000;
    return [Math.floor(ms / 1000), (((ms % 1000) + 1000) % 1000) * 1_000_000 + this.#count];
  }
}
