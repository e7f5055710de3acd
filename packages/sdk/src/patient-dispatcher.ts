/** undici gives up after this long without an answer. */
export const undiciTimeoutMs = 300_000;

/** A dispatcher for undici's `fetch` that sends through the global one, and waits for ever. */
export const dispatcher = {
  dispatch(options: object, handler: object): boolean {
    // Of two generations, the one that made the handler.
    const key = Symbol.for(`undici.globalDispatcher.${"onRequestStart" in handler ? 2 : 1}`);
    const global = (globalThis as unknown as Record<symbol, typeof dispatcher>)[key] as typeof dispatcher;
    return global.dispatch({ ...options, headersTimeout: 0, bodyTimeout: 0 }, handler);
  },
};
