/**
 * Listens to a signal itself, and not to one combined of it: Node.js 24 may collect the sources of `AbortSignal.any`, which
 * then never fires.
 *
 * @returns stops listening.
 */
export function onAbort(signal: AbortSignal | null | undefined, listener: () => void): () => void {
  signal?.addEventListener("abort", listener);
  return () => signal?.removeEventListener("abort", listener);
}
