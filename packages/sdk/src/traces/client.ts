import {
  type BatchCreateResponse,
  PandaProbe as Client,
  type PandaProbeOptions as ClientOptions,
} from "@pandaprobe/sdk";
import type { RequestOptions } from "../options/request-options.ts";
import { deliverTraces, type TraceInput, type TraceRequests } from "./deliver-traces.ts";
import { TraceSender } from "./trace-sender.ts";
import type { TraceSenderOptions } from "./trace-sender-options.ts";
import { untraced } from "./untraced.ts";

export interface PandaProbeOptions extends ClientOptions {
  /** Options of `client.traces`. */
  readonly traces?: TraceSenderOptions | undefined;
}

/**
 * The client of `@pandaprobe/sdk` with `client.traces`, which sends traces in the background.
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

  /** @throws PandaProbeError, like the client in `@pandaprobe/sdk`; TypeError for an invalid option of `traces`. */
  constructor(options: PandaProbeOptions = {}) {
    super(options);
    const client = new DeliveringClient(options, () => this.traces);
    this.traces = new TraceSender(deliverTraces(client), options.traces, options.logger);
  }

  /** Returns a client with the options of this one and the given ones. Its `traces` has an empty queue of its own. */
  override withOptions(options: PandaProbeOptions): this {
    return super.withOptions(options);
  }
}

/** The client that delivers traces. OpenTelemetry does not trace it, and traces that its callbacks send are dropped. */
class DeliveringClient extends Client implements TraceRequests {
  constructor(options: ClientOptions, sender: () => TraceSender) {
    const hooks = aside(options.hooks, sender);
    super({
      ...options,
      logger: aside(options.logger, sender),
      hooks: {
        beforeRequest(state) {
          sender().addresses.add(new URL(state.url).href);
          return hooks?.beforeRequest?.(state);
        },
        afterResponse: (state) => hooks?.afterResponse?.(state),
        beforeRetry: (state) => hooks?.beforeRetry?.(state),
      },
    });
  }

  sendTrace(input: TraceInput, options: RequestOptions): PromiseLike<unknown> {
    return untraced(() => this.request("createTrace", ["POST", "/traces"], [], input, options));
  }

  sendBatch(input: TraceInput, options: RequestOptions): PromiseLike<BatchCreateResponse> {
    return untraced(() => this.request("createTraceBatch", ["POST", "/traces/batch"], [], input, options));
  }
}

/** Wraps callbacks, so that the sender knows when one is running. */
function aside<Callbacks extends object>(
  callbacks: Callbacks | undefined,
  sender: () => TraceSender,
): Callbacks | undefined {
  return (
    callbacks &&
    new Proxy(callbacks, {
      get(target, name) {
        const callback: unknown = Reflect.get(target, name);
        if (typeof callback !== "function") return callback;
        return (...given: unknown[]) => sender().aside(() => Reflect.apply(callback, target, given));
      },
    })
  );
}
