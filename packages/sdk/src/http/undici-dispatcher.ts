/** How long undici waits for a response by default. */
export const undiciTimeoutMs = 300_000;

/** A dispatcher for undici's `fetch` that sends through the global one, and never times out. */
export const dispatcher = {
  dispatch(options: object, handler: object): boolean {
    // undici has two generations of dispatchers; this uses the one that made the handler.
    const key = Symbol.for(`undici.globalDispatcher.${"onRequestStart" in handler ? 2 : 1}`);
    const global = (globalThis as unknown as Record<symbol, typeof dispatcher>)[key] as typeof dispatcher;
    return global.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  },
};
