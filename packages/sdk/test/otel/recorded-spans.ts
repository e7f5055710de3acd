import { type Attributes, context, ROOT_CONTEXT, type Span, type Tracer, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** Records spans with OpenTelemetry's own SDK. */
export class Recording {
  readonly #exporter = new InMemorySpanExporter();
  readonly #tracer: Tracer;

  constructor(resource: Attributes = {}) {
    const provider = new BasicTracerProvider({
      resource: resourceFromAttributes(resource),
      spanProcessors: [new SimpleSpanProcessor(this.#exporter)],
    });
    this.#tracer = provider.getTracer("test");
  }

  get spans(): ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  /** A span that starts at 10:00 and takes a second by default. */
  span(name: string, attributes: Attributes = {}, options: SpanOptions = {}): Span {
    const { under, startMs = 0, endMs = startMs + 1_000, during = () => {} } = options;
    const parent = under === undefined ? ROOT_CONTEXT : trace.setSpan(context.active(), under);
    const span = this.#tracer.startSpan(name, { attributes, startTime: at(startMs) }, parent);
    during(span);
    if (options.stays !== true) span.end(at(endMs));
    return span;
  }
}

interface SpanOptions {
  readonly under?: Span;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly during?: (span: Span) => void;
  /** Whether it stays open. */
  readonly stays?: boolean;
}

export function at(ms: number): Date {
  return new Date(Date.parse("2026-03-29T10:00:00.000Z") + ms);
}
