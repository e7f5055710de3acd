import { type OtelSpan, parentIdOf } from "@pandaprobe/contract/otel";
import { PandaProbe } from "@pandaprobe/sdk/traces";
import { RecentTraces } from "./known-traces.ts";
import { toTraces } from "./to-traces.ts";

/** OpenTelemetry exports one batch at a time and drops spans meanwhile. During an outage our own queue keeps more. */
const exportTimeoutMs = 5_000;

export interface PandaProbeExporterOptions {
  /** The client whose `traces` send. Default: a client of its own, configured by the environment. */
  readonly client?: Pick<PandaProbe, "traces"> | undefined;
  /**
   * Which spans to send. A root span that is left out still completes its trace; a trace without spans is not sent.
   * Default: all.
   */
  readonly filter?: ((span: OtelSpan) => boolean) | undefined;
}

/** OpenTelemetry's `ExportResult`. */
export interface OtelExportResult {
  /** 0 for success, 1 for failure. */
  readonly code: number;
  readonly error?: Error;
}

/**
 * Sends OpenTelemetry's spans: a `SpanExporter` for its `BatchSpanProcessor`. An export ends when the spans have
 * arrived, or after 5 seconds; spans that have not arrived by then wait in the client's `traces`, which report drops.
 * An export fails if a span could not be read, or traces were dropped meanwhile. The client's own requests that deliver
 * traces are not exported.
 *
 * @example
 * ```ts
 * import { BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
 * import { PandaProbeExporter } from "@pandaprobe/sdk/otel";
 *
 * const spanProcessors = [new BatchSpanProcessor(new PandaProbeExporter())];
 * ```
 */
export class PandaProbeExporter {
  readonly #client: Pick<PandaProbe, "traces">;
  readonly #ownsClient: boolean;
  readonly #filter: (span: OtelSpan) => boolean;
  readonly #known = new RecentTraces();

  /** @throws PandaProbeError if no client is given and the environment lacks the key or the project. */
  constructor(options: PandaProbeExporterOptions = {}) {
    this.#client = options.client ?? new PandaProbe();
    this.#ownsClient = options.client === undefined;
    this.#filter = options.filter ?? (() => true);
  }

  export(spans: readonly OtelSpan[], done: (result: OtelExportResult) => void): void {
    const { traces } = this.#client;
    const errors: unknown[] = [];
    const droppedBefore = traces.stats().dropped;
    const onError = (error: unknown) => errors.push(error);
    // A fake client in a test may have no addresses.
    const isDelivery = deliveriesAmong(spans, traces.addresses ?? new Set());
    const filter = (span: OtelSpan) => !isDelivery(span) && this.#filter(span);
    for (const trace of toTraces(spans, { known: this.#known, filter, onError })) {
      traces.send(trace);
    }
    // OpenTelemetry batches already, and its own flush must mean that the spans have arrived.
    void traces.flush({ timeoutMs: exportTimeoutMs }).then(() => {
      const dropped = traces.stats().dropped - droppedBefore;
      if (dropped > 0)
        errors.push(new Error(`${dropped} traces were dropped; the client's onDrop says why.`));
      done(errors.length === 0 ? { code: 0 } : { code: 1, error: inOne(errors) });
    });
  }

  /** Resolves when all exported spans have been sent or dropped, or after 30 seconds. */
  async forceFlush(): Promise<void> {
    await this.#client.traces.flush();
  }

  /** Flushes, and closes the client's sender if the exporter made the client. */
  async shutdown(): Promise<void> {
    if (this.#ownsClient) await this.#client.traces.close();
    else await this.forceFlush();
  }
}

function inOne(errors: readonly unknown[]): Error {
  const [first] = errors;
  if (errors.length === 1 && first instanceof Error) return first;
  return new AggregateError(errors, errors.map(String).join("\n"));
}

/** A server that receives traces may be traced itself. */
const serverKind = 1;

/**
 * Finds the spans of requests that delivered traces to one of the addresses, and of their steps, such as a browser's
 * preflight. Exporting them would cause another such request, and so on forever.
 */
function deliveriesAmong(
  spans: readonly OtelSpan[],
  addresses: ReadonlySet<string>,
): (span: OtelSpan) => boolean {
  const ids = new Set(
    spans.filter((span) => isDelivery(span, addresses)).map((span) => span.spanContext().spanId),
  );
  return (span) => ids.has(span.spanContext().spanId) || ids.has(parentIdOf(span) ?? "");
}

function isDelivery({ kind, attributes }: OtelSpan, addresses: ReadonlySet<string>): boolean {
  // Anything but a span is reported when it is converted.
  const url = attributes?.["url.full"] ?? attributes?.["http.url"];
  if (kind === serverKind || typeof url !== "string" || !URL.canParse(url)) return false;
  return addresses.has(new URL(url).href);
}
