import { PandaProbe } from "@pandaprobe/sdk/traces";
import type { OtelSpan } from "./otel-span.ts";
import { RecentTraces } from "./recent-traces.ts";
import { toTraces } from "./trace-create.ts";

export interface PandaProbeExporterOptions {
  /** Whose `traces` send. Default: a client of its own, set up by the environment. */
  readonly client?: Pick<PandaProbe, "traces"> | undefined;
  /** Which spans are sent. Default: all. */
  readonly filter?: ((span: OtelSpan) => boolean) | undefined;
}

/** What OpenTelemetry is told of an export: its `ExportResult`. */
export interface OtelExportResult {
  /** 0 for success, 1 for failure. */
  readonly code: number;
  readonly error?: Error;
}

/**
 * Sends what OpenTelemetry traces: a `SpanExporter` for its `BatchSpanProcessor`. The export is done once the spans are
 * queued; drops are told by the client's `traces`.
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
    try {
      const { traces } = this.#client;
      for (const trace of toTraces(spans.filter(this.#filter), this.#known)) traces.send(trace);
    } catch (error) {
      done({ code: 1, error: error instanceof Error ? error : new Error(String(error)) });
      return;
    }
    done({ code: 0 });
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
