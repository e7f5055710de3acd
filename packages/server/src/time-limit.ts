interface TimeLimit {
  readonly ms: number;
  /** Creates the error for work that takes too long. */
  readonly late: () => Error;
  /** Ends the work early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` with a time limit. When the time is up, or `signal` aborts, the work's own signal aborts and the promise
 * rejects at once, even if the work ignores its signal.
 *
 * @throws what `late` returns, the reason of `signal`, or what the work throws.
 */
export async function withTimeLimit<T>(
  { ms, late, signal }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    reject(reason);
    ending.abort(reason);
  };
  const abort = () => end(signal?.reason);
  const timer = setTimeout(() => end(late()), ms);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work(ending.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
