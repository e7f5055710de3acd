import PQueue, { TimeoutError } from "p-queue";
import { CallTimeoutError } from "./call-timeout-error.ts";
import { CallsMayEnd } from "./calls-may-end.ts";
import { type FairOptions, FairQueue } from "./fair-queue.ts";

export interface SlotOptions {
  /** Whose call it is: those of all owners take turns. */
  readonly owner: string;
  /** Its place in its owner's line: lower goes first; equals in the order they came. */
  readonly turn: number;
  /** How long the work may take once it has begun, in milliseconds. */
  readonly timeoutMs: number;
  /** Gives up the place in line, or aborts the work: at once, or later if its reason is `CallsMayEnd`. */
  readonly signal: AbortSignal;
}

/**
 * Some work with a place.
 *
 * @param leave gives the place back before the work ends: the call is no longer in flight, and neither the timeout nor
 * the signal of the place concerns what is left to do.
 */
export type SlotWork<T> = (signal: AbortSignal, leave: () => void) => Promise<T>;

/** The places for calls in flight, of which a process has a fixed number. */
export interface Slots {
  /** Does the work once there is a place for it. Work that ignores its signal loses its place all the same. */
  run<T>(work: SlotWork<T>, options: SlotOptions): Promise<T>;
}

export function createSlots(concurrency: number): Slots {
  const queue = new PQueue<FairQueue, FairOptions>({ concurrency, queueClass: FairQueue });
  return {
    async run(work, { owner, turn, timeoutMs, signal }) {
      signal.throwIfAborted();
      const call = new AbortController();
      let isInFlight = false;
      const abort = () => call.abort(signal.reason);
      const stop = () => {
        const until = isInFlight && signal.reason instanceof CallsMayEnd ? signal.reason.until : signal;
        if (until.aborted) abort();
        else until.addEventListener("abort", abort, { once: true });
      };
      signal.addEventListener("abort", stop, { once: true });
      const begin = (callSignal: AbortSignal) => {
        isInFlight = true;
        const left = Promise.withResolvers<void>();
        const done = work(callSignal, left.resolve);
        // Not the promise itself, which would be waited for.
        return Promise.race([done, left.promise]).then(() => ({ done }));
      };
      try {
        const { done } = await queue.add((task) => begin(task.signal ?? call.signal), {
          owner,
          priority: -turn,
          timeout: timeoutMs,
          signal: call.signal,
        });
        return await done;
      } catch (error) {
        throw error instanceof TimeoutError ? new CallTimeoutError(timeoutMs) : error;
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
  };
}
