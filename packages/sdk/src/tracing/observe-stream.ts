import type { OpenSpan } from "./span.ts";

/** Of further parts, only the last one is recorded. */
const mostParts = 10_000;
const mostCharacters = 500_000;

type Iterated = AsyncIterator<unknown, unknown, unknown> | Iterator<unknown, unknown, unknown>;

/** Records the parts of a stream, and ends the span with them when the stream ends, fails or is left. */
export class StreamRecord {
  readonly #span: OpenSpan;
  readonly #end: (parts: readonly unknown[]) => void;
  readonly #parts: unknown[] = [];
  #characters = 0;

  constructor(span: OpenSpan, end: (parts: readonly unknown[]) => void) {
    this.#span = span;
    this.#end = end;
  }

  add(part: unknown): void {
    this.#span.startAnswer();
    // The last part is kept, because the end of a model's answer has its token counts.
    if (this.#parts.length >= mostParts || this.#characters >= mostCharacters) this.#parts.pop();
    this.#parts.push(part);
    if (typeof part === "string") this.#characters += part.length;
  }

  end(): void {
    this.#end(this.#parts);
  }

  /** Ends the span with the error and the parts so far. */
  fail(error: unknown): void {
    this.#span.fail(error);
    this.end();
  }
}

/** A value that yields others later, observed. `undefined` for any other value. */
export function observedStream(value: unknown, span: OpenSpan, record: () => StreamRecord): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  if (typeof ReadableStream !== "undefined" && value instanceof ReadableStream) {
    return observedReadable(value, record());
  }
  const isGenerator = "next" in value && typeof value.next === "function" && "return" in value;
  if (!isGenerator && !(Symbol.asyncIterator in value)) return undefined;
  return observedIterable(value, span, record());
}

/** The same object with another iterator. Its other methods still see the original. */
function observedIterable(iterable: object, span: OpenSpan, record: StreamRecord): unknown {
  const observed: object = new Proxy(iterable, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== "function") return method;
      if (name === "next" || name === "return" || name === "throw") {
        return (...given: unknown[]) => step(() => Reflect.apply(method, target, given), span, record);
      }
      if (name === Symbol.asyncIterator || name === Symbol.iterator) {
        return () => {
          const iterator = Reflect.apply(method, target, []) as Iterated;
          return iterator === target ? observed : observedIterable(iterator, span, record);
        };
      }
      return method.bind(target) as unknown;
    },
  });
  return observed;
}

/** One step, in the span's context, because a generator's body runs in that of its caller. */
function step(take: () => unknown, span: OpenSpan, record: StreamRecord): unknown {
  const see = (result: unknown) => {
    const { done, value } = result as IteratorResult<unknown>;
    if (done === true) record.end();
    else record.add(value);
    return result;
  };
  const fail = (error: unknown) => {
    record.fail(error);
    throw error;
  };
  try {
    const result = span.run(take);
    return result instanceof Promise ? result.then(see, fail) : see(result);
  } catch (error) {
    return fail(error);
  }
}

function observedReadable(stream: ReadableStream<unknown>, record: StreamRecord): ReadableStream<unknown> {
  const reader = stream.getReader();
  return new ReadableStream<unknown>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            record.end();
            controller.close();
          } else {
            record.add(value);
            controller.enqueue(value);
          }
        } catch (error) {
          record.fail(error);
          controller.error(error);
        }
      },
      cancel(reason) {
        record.end();
        return reader.cancel(reason);
      },
    },
    // Reads nothing before the program does.
    { highWaterMark: 0 },
  );
}
