import { onAbort } from "./on-abort.ts";

/**
 * A generator whose `return()` takes effect at once: it aborts the signal of the inner generator, and a pending
 * `next()` resolves as done.
 */
export function stoppable<T>(
  signal: AbortSignal | undefined,
  make: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const items = (async function* untilStopped(): AsyncGenerator<T, void> {
    signal?.throwIfAborted();
    const stopListening = onAbort(signal, () => stop.abort(signal?.reason));
    try {
      yield* make(stop.signal);
    } catch (error) {
      if (error !== stop) throw error;
    } finally {
      stopListening();
    }
  })();
  const end = items.return.bind(items);
  return Object.assign(items, {
    return: () => {
      stop.abort(stop);
      return end();
    },
  });
}
