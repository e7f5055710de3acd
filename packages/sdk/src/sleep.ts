/** Waits, never shorter; rejects with the signal's reason as soon as it is aborted. Leaves no timer and no listener behind. */
export async function sleep(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  signal?.throwIfAborted();
  if (milliseconds <= 0) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.ceil(milliseconds));
    signal?.addEventListener("abort", end);
  });
  signal?.throwIfAborted();
}
