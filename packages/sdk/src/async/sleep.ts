import { onAbort } from "./on-abort.ts";

/** Waits at least this long. Rejects with the signal's reason as soon as it is aborted, and leaves no timer or listener. */
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
