/**
 * Listens to a signal. Used instead of `AbortSignal.any`, whose sources Node.js 24 may garbage-collect, so that it
 * never fires.
 *
 * @returns a function that stops listening.
 */
export function onAbort(signal: AbortSignal | null | undefined, listener: () => void): () => void {
  signal?.addEventListener("abort", listener);
  return () => signal?.removeEventListener("abort", listener);
}
