import { CallTimeoutError } from "../call/call-errors.ts";
import { CallsMayEnd } from "./calls-may-end.ts";

/** A place for one call, as the work sees it that has it. */
export interface Place {
  /** Aborted when the call has to end. */
  readonly signal: AbortSignal;
  /**
   * To be called when the model is called: what came before, such as noting the call, takes no time from it.
   *
   * @throws the reason why no call may start any more: that of the holder's signal, or CallTimeoutError.
   */
  begun(): void;
  /** To be called when its answer is complete: what is left to do with it has its own time, and takes no place. */
  answered(tokens: number | null): void;
  /** To be called when there will be none: what is left to do has its own time. */
  failed(): void;
}

/** Whose place it is. */
export interface Holder {
  readonly timeoutMs: number;
  /** Aborts the work: at once, or later if its reason is `CallsMayEnd`. */
  readonly signal: AbortSignal;
}

/** Work that has a place. */
export interface Held<T> {
  readonly result: Promise<T>;
  /** Whether the model was called. */
  readonly wasMade: boolean;
  /** What the call took; `null` where nobody counted. */
  readonly tokens: number | null;
}

/**
 * Does the work of one call. It ends in time, also where the work ignores its signal.
 *
 * @param leave told when the place is not needed any more, although the work goes on.
 */
export function hold<T>(
  work: (place: Place) => Promise<T>,
  { timeoutMs, signal }: Holder,
  leave: () => void,
): Held<T> {
  const call = new AbortController();
  const stopped = Promise.withResolvers<never>();
  let wasMade = false;
  let tokens: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const end = (reason: unknown) => {
    call.abort(reason);
    stopped.reject(reason);
  };
  const startTimer = () => {
    clearTimeout(timer);
    timer = setTimeout(() => end(new CallTimeoutError(timeoutMs)), timeoutMs);
  };
  const endWithSignal = () => end(signal.reason);
  const until = () => (signal.reason instanceof CallsMayEnd ? signal.reason.until : signal);
  const stop = () => {
    if (until().aborted) endWithSignal();
    else until().addEventListener("abort", endWithSignal, { once: true });
  };
  const cleanUp = () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    if (signal.aborted) until().removeEventListener("abort", endWithSignal);
  };
  startTimer();
  signal.addEventListener("abort", stop, { once: true });
  const place: Place = {
    signal: call.signal,
    begun() {
      signal.throwIfAborted();
      // Nobody waits any more for what took too long to get here.
      call.signal.throwIfAborted();
      wasMade = true;
      startTimer();
    },
    answered(taken) {
      clearTimeout(timer);
      tokens = taken;
      leave();
    },
    failed() {
      clearTimeout(timer);
    },
  };
  const result = Promise.race([work(place), stopped.promise]).finally(cleanUp);
  return {
    result,
    get wasMade() {
      return wasMade;
    },
    get tokens() {
      return tokens;
    },
  };
}
