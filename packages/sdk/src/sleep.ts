/** Waits, never shorter; rejects with the signal's reason as soon as it is aborted. Leaves no timer and no listener behind. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.max(0, Math.ceil(milliseconds)),
    );
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
