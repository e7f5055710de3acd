import { type FlushOptions, PandaProbe } from "@pandaprobe/sdk/traces";
import { createAsyncContext } from "./async-context.ts";
import { type Observable, type ObserveOptions, observeCall } from "./observe.ts";
import { joined, OpenTrace, type SessionFields } from "./open-trace.ts";
import { OpenSpan, type Span, type SpanFields } from "./span.ts";
import { wrappedOpenAI } from "./wrap-openai.ts";

/** Options of `createTracing`. */
export interface TracingOptions {
  /** The client whose `traces` send and mask. Default: a client of its own, configured from the environment. */
  readonly client?: Pick<PandaProbe, "traces"> | undefined;
}

/** Instruments a program by hand. Its functions can be destructured. */
export interface Tracing {
  /**
   * Returns the same function, recorded as a span with its input, its output or error, and the spans of the functions
   * that it calls as children. Works for functions that return a value, a promise, a generator or a stream; a stream's
   * span ends when the stream has been read or left. The span of a stream that is never read does not end, and is not
   * sent.
   *
   * @example
   * ```ts
   * import { createTracing } from "@pandaprobe/sdk/tracing";
   *
   * const { observe } = createTracing();
   * const search = observe(async (query: string) => [`about ${query}`], { name: "search", kind: "RETRIEVER" });
   * await search("Paris");
   * ```
   */
  observe<F extends Observable>(fn: F, options?: ObserveOptions<F>): F;
  /**
   * Starts a span inside the current one or, without one, a trace. It is not itself the current one, except in its
   * `run`.
   *
   * @example
   * ```ts
   * import { createTracing } from "@pandaprobe/sdk/tracing";
   *
   * const { startSpan } = createTracing();
   * const span = startSpan("rerank", { input: ["a", "b"] });
   * span.end({ output: ["b", "a"] });
   * ```
   */
  startSpan(name: string, fields?: SpanFields): Span;
  /** The current span, for example to add to it in an observed function. */
  currentSpan(): Span | undefined;
  /**
   * Calls a function. Traces that start in it, and in what it awaits, get these fields; so does the trace in which it
   * is called, unless it already has them. Inner calls add to outer ones.
   */
  withSession<T>(session: SessionFields, callback: () => T): T;
  /**
   * The client of the package `openai`, whose `create` and `parse` of `chat.completions` and `responses` are recorded:
   * model, messages, tool calls, tokens and errors. A stream is recorded when it has been read. For streams, Chat
   * reports tokens only with `stream_options: { include_usage: true }`.
   */
  wrapOpenAI<Client extends object>(client: Client): Client;
  /**
   * Sends all ended spans: `flush` of the client's `traces`.
   *
   * @throws TypeError for an invalid `timeoutMs`.
   */
  flush(options?: FlushOptions): Promise<boolean>;
}

interface Current {
  readonly span?: OpenSpan | undefined;
  readonly session: SessionFields;
}

/**
 * Starts tracing by hand. Traces are sent in the background, and never delay or break the program.
 *
 * @throws PandaProbeError if no client is given and the environment lacks the key or the project; Error on a platform
 * without `AsyncLocalStorage`.
 * @example
 * ```ts
 * import { PandaProbe } from "@pandaprobe/sdk/traces";
 * import { createTracing } from "@pandaprobe/sdk/tracing";
 *
 * const client = new PandaProbe({ projectName: "my-agent", traces: { mask: { keys: ["password"] } } });
 * export const { observe, startSpan, withSession } = createTracing({ client });
 * ```
 */
export function createTracing(options: TracingOptions = {}): Tracing {
  const { traces } = options.client ?? new PandaProbe();
  const context = createAsyncContext<Current>();

  const current = (): Current => context.getStore() ?? { session: {} };
  const enter = <T>(span: OpenSpan, callback: () => T) =>
    context.run({ session: current().session, span }, callback);
  const start = (name: string): OpenSpan => {
    const { span: parent, session } = current();
    const spanName = name === "" ? "span" : name;
    const trace = parent?.trace ?? new OpenTrace((sent) => traces.send(sent), spanName, session);
    return new OpenSpan(trace, parent, spanName, enter);
  };

  return {
    observe<F extends Observable>(fn: F, how: ObserveOptions<F> = {}): F {
      function observed(this: unknown, ...given: Parameters<F>): unknown {
        return observeCall(start(how.name ?? fn.name), how, given, () => Reflect.apply(fn, this, given));
      }
      return Object.defineProperty(observed, "name", { value: fn.name }) as unknown as F;
    },
    startSpan(name, fields = {}) {
      const span = start(name);
      span.update(fields);
      return span;
    },
    currentSpan: () => context.getStore()?.span,
    withSession(session, callback) {
      const { span, session: outer } = current();
      span?.trace.addSession(session);
      return context.run({ span, session: joined(outer, session) }, callback);
    },
    wrapOpenAI: (client) => wrappedOpenAI(client, start),
    flush: (how) => traces.flush(how),
  };
}
