import { onAbort } from "./on-abort.ts";

/**
 * A generator whose `return()` ends at once what it is in the middle of, by the signal that it is made with; whoever
 * waits for its next item is told that there is none.
 */
export function stoppable<T>(
  signal: AbortSignal | undefined,
  make: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const items = untilStopped(stop, signal, make(stop.signal));
  const end = items.return.bind(items);
  return Object.assign(items, {
    return: () => {
      stop.abort(stop);
      return end();
    },
  });
}

async function* untilStopped<T>(
  stop: AbortController,
  signal: AbortSignal | undefined,
  items: AsyncIterable<T>,
): AsyncGenerator<T, void> {
  signal?.throwIfAborted();
  const stopListening = onAbort(signal, () => stop.abort(signal?.reason));
  try {
    yield* items;
  } catch (error) {
    if (error !== stop) throw error;
  } finally {
    stopListening();
  }
}
