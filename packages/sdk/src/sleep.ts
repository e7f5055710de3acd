import { onAbort } from "./on-abort.ts";

/** Waits, never shorter; rejects with the signal's reason as soon as it is aborted. Leaves no timer and no listener behind. */
export async function sleep(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  if (milliseconds > 0 && !signal?.aborted) {
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        stopListening();
        resolve();
      };
      const timer = setTimeout(end, Math.ceil(milliseconds));
      const stopListening = onAbort(signal, end);
    });
  }
  signal?.throwIfAborted();
}
