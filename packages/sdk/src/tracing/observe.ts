import { observedStream, StreamRecord } from "./observe-stream.ts";
import type { OpenSpan, SpanFields } from "./span.ts";

/** A function that can be observed. */
export type Observable = (...given: never[]) => unknown;

/** The final result of a call: for a stream, its parts. */
export type Observed<Result> =
  Awaited<Result> extends AsyncIterable<infer Part>
    ? readonly Part[]
    : Awaited<Result> extends Generator<infer Part, unknown, unknown>
      ? readonly Part[]
      : Awaited<Result>;

/** How to observe a function. */
export interface ObserveOptions<F extends Observable = Observable> {
  /** The span's name. Default: the function's. */
  readonly name?: string | undefined;
  /** Default: OTHER. */
  readonly kind?: SpanFields["kind"];
  /** Further fields of the span from the start. */
  readonly metadata?: object | undefined;
  /**
   * Computes the span's input from the call's arguments; `false` records none. Default: the only argument, or the list
   * of several.
   */
  readonly input?: false | ((...given: Parameters<F>) => unknown) | undefined;
  /**
   * Computes the span's output from the result; `false` records none. Default: the result; for a stream its parts,
   * joined if all are text.
   */
  readonly output?: false | ((output: Observed<ReturnType<F>>) => unknown) | undefined;
}

/** Calls a function in a span, which ends with its result: when a promise is settled, or a stream has been read. */
export function observeCall<F extends Observable>(
  span: OpenSpan,
  options: ObserveOptions<F>,
  given: Parameters<F>,
  call: () => unknown,
): unknown {
  const { input, output, kind, metadata } = options;
  span.update({ kind, metadata });
  if (input !== false) {
    record(span, () => ({ input: input === undefined ? onlyOrAll(given) : input(...given) }));
  }
  const end = (result: unknown) => {
    if (output === false) span.end();
    else if (output === undefined) span.end({ output: result });
    else {
      record(span, () => ({ output: output(result as Observed<ReturnType<F>>) }));
      span.end();
    }
  };
  const endStream = (parts: readonly unknown[]) => {
    const areTexts = output === undefined && parts.every((part) => typeof part === "string");
    end(areTexts ? parts.join("") : parts);
  };
  const see = (result: unknown) => {
    const stream = observedStream(result, span, () => new StreamRecord(span, endStream));
    if (stream === undefined) end(result);
    return stream ?? result;
  };
  const fail = (error: unknown) => {
    span.fail(error);
    span.end();
    throw error;
  };
  try {
    const result = span.run(call);
    if (!(result instanceof Promise)) return see(result);
    if (result.constructor === Promise) return result.then(see, fail);
    // A promise with methods of its own is returned as it is.
    result.then(end, (error: unknown) => {
      span.fail(error);
      span.end();
    });
    return result;
  } catch (error) {
    return fail(error);
  }
}

function onlyOrAll(given: readonly unknown[]): unknown {
  return given.length > 1 ? given : given[0];
}

/** Updates a span with one of the program's functions. If it fails, the traced code must not fail. */
function record(span: OpenSpan, fields: () => SpanFields): void {
  try {
    span.update(fields());
  } catch (error) {
    span.update({ metadata: { tracing_error: error } });
  }
}
