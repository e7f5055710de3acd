import { PandaProbe as Client, type PandaProbeOptions as ClientOptions } from "@pandaprobe/sdk";
import { deliverTraces } from "./deliver-traces.ts";
import { TraceSender } from "./trace-sender.ts";
import type { TraceSenderOptions } from "./trace-sender-options.ts";

export interface PandaProbeOptions extends ClientOptions {
  /** How `client.traces` queues and sends. */
  readonly traces?: TraceSenderOptions | undefined;
}

/**
 * The client with a sender of traces: everything that the one of `@pandaprobe/sdk` does, and `client.traces`.
 *
 * @example
 * ```ts
 * import { PandaProbe } from "@pandaprobe/sdk/traces";
 *
 * const client = new PandaProbe({ projectName: "my-agent" });
 * client.traces.send({ name: "answer a question", started_at: new Date().toISOString() });
 * await client.traces.flush();
 * ```
 */
export class PandaProbe extends Client {
  /** Sends traces in the background. */
  readonly traces: TraceSender;

  /** @throws PandaProbeError as the client of `@pandaprobe/sdk`; TypeError where an option of `traces` cannot be used. */
  constructor(options: PandaProbeOptions = {}) {
    super(options);
    const deliver = deliverTraces({
      createTrace: (input, request) => this.call("createTrace", [], input, request),
      createTraceBatch: (input, request) => this.call("createTraceBatch", [], input, request),
    });
    this.traces = new TraceSender(deliver, options.traces, options.logger);
  }

  /** A client like this one, but for these options; its `traces` are its own, with nothing in them. */
  override withOptions(options: PandaProbeOptions): this {
    return super.withOptions(options);
  }
}
