/**
 * The questions that this process is asking, so that it asks each one once at a time. A caller whose question is in flight
 * waits until it is answered or given up, and then looks for the answer in the ledger. Keys belong to the scope of a ledger.
 * Without a ledger (scope "") there would be no answer to find, so nothing waits.
 */
export class InFlight {
  readonly #questions = new Map<string, Promise<void>>();

  has(scope: string, key: string): boolean {
    return this.#questions.has(`${scope} ${key}`);
  }

  /** Marks questions as in flight until the result is disposed of. */
  add(scope: string, keys: readonly string[]): Disposable {
    const { promise, resolve } = Promise.withResolvers<void>();
    const questions = scope === "" ? [] : keys.map((key) => `${scope} ${key}`);
    for (const question of questions) this.#questions.set(question, promise);
    return {
      [Symbol.dispose]: () => {
        for (const question of questions) this.#questions.delete(question);
        resolve();
      },
    };
  }

  /** Waits until a question is not in flight, then marks it as in flight. @throws the reason of `signal`. */
  async enter(scope: string, key: string, signal: AbortSignal): Promise<Disposable> {
    while (this.has(scope, key)) await this.settled(scope, key, signal);
    return this.add(scope, [key]);
  }

  /** Resolves when a question is no longer in flight. @throws the reason of `signal`. */
  async settled(scope: string, key: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([this.#questions.get(`${scope} ${key}`), aborted]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}
