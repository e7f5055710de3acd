import { PandaProbe } from "@pandaprobe/sdk/traces";
import { deliveriesAmong } from "./deliveries.ts";
import type { OtelSpan } from "./otel-span.ts";
import { RecentTraces } from "./recent-traces.ts";
import { toTraces } from "./trace-create.ts";

/** OpenTelemetry exports one batch at a time, and drops what comes meanwhile: in an outage our queue is the larger one. */
const exportTimeoutMs = 5_000;

export interface PandaProbeExporterOptions {
  /** Whose `traces` send. Default: a client of its own, set up by the environment. */
  readonly client?: Pick<PandaProbe, "traces"> | undefined;
  /**
   * Which spans are sent. A root that is not still completes its trace; a trace of which nothing is sent is none.
   * Default: all.
   */
  readonly filter?: ((span: OtelSpan) => boolean) | undefined;
}

/** What OpenTelemetry is told of an export: its `ExportResult`. */
export interface OtelExportResult {
  /** 0 for success, 1 for failure. */
  readonly code: number;
  readonly error?: Error;
}

/**
 * Sends what OpenTelemetry traces: a `SpanExporter` for its `BatchSpanProcessor`. An export is done once the
 * spans have arrived, or after 5 seconds, from when on they wait in the client's `traces`, which tell of drops. It has
 * failed where a span could not be read, or traces were dropped meanwhile. The requests of the client that bring traces
 * to the server are not exported.
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

  /** @throws PandaProbeError where no client is given, and the environment names no key or project. */
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
    // A client of somebody's tests may know no addresses.
    const isDelivery = deliveriesAmong(spans, traces.addresses ?? new Set());
    const filter = (span: OtelSpan) => !isDelivery(span) && this.#filter(span);
    for (const trace of toTraces(spans, { known: this.#known, filter, onError })) {
      traces.send(trace);
    }
    // OpenTelemetry has gathered them already, and takes its own flush to mean that they have arrived.
    void traces.flush({ timeoutMs: exportTimeoutMs }).then(() => {
      const dropped = traces.stats().dropped - droppedBefore;
      if (dropped > 0)
        errors.push(new Error(`${dropped} traces were dropped; the client's onDrop tells why.`));
      done(errors.length === 0 ? { code: 0 } : { code: 1, error: inOne(errors) });
    });
  }

  /** Resolves once everything that was exported has been sent or dropped, or half a minute is over. */
  async forceFlush(): Promise<void> {
    await this.#client.traces.flush();
  }

  /** The same, and closes the sender if it is the exporter's own. */
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
