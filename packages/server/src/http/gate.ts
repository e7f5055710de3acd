import { ProblemError } from "@pandaprobe/contract/rules";

export interface GateLimits {
  /** How many of a key may be inside at once. */
  readonly places: number;
  /** How many bytes those of a key may bring along together; one that brings more may go in alone. */
  readonly bytes: number;
  /** How many of all keys together may be inside at once. */
  readonly total: number;
  /** How long one waits at the most. */
  readonly waitMs: number;
}

/** A place inside, until it is left. */
export interface Place {
  /** It turned out to bring no more than this. */
  shrinkTo(bytes: number): void;
  /** Leaving twice is leaving once. */
  leave(): void;
}

interface Waiting {
  readonly bytes: number;
  admit(): void;
}

interface KeyState {
  inside: number;
  bytes: number;
  readonly waiting: Waiting[];
}

/**
 * Lets so many of each key in at once. The others of that key wait in their order, for a while; those of other keys do
 * not wait for them.
 */
export class Gate {
  readonly #limits: GateLimits;
  readonly #keys = new Map<string, KeyState>();
  #inside = 0;

  constructor(limits: Partial<GateLimits> & Pick<GateLimits, "places" | "waitMs">) {
    this.#limits = { bytes: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY, ...limits };
  }

  /**
   * @param gone aborted when nobody waits for it any more.
   * @throws ProblemError `rate_limited` after the wait, or `unavailable` where it is other keys that fill it.
   */
  async enter(key: string, bytes: number, gone: AbortSignal): Promise<Place> {
    const state = this.#keys.get(key) ?? { inside: 0, bytes: 0, waiting: [] };
    this.#keys.set(key, state);
    if (state.waiting.length > 0 || !this.#fits(state, bytes)) await this.#wait(key, state, bytes, gone);
    else this.#admit(state, bytes);
    return this.#place(key, state, bytes);
  }

  #fits(state: KeyState, bytes: number): boolean {
    const { places, bytes: most, total } = this.#limits;
    return (
      this.#inside < total && state.inside < places && (state.bytes === 0 || state.bytes + bytes <= most)
    );
  }

  #admit(state: KeyState, bytes: number): void {
    state.inside += 1;
    state.bytes += bytes;
    this.#inside += 1;
  }

  #wait(key: string, state: KeyState, bytes: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        gone.removeEventListener("abort", giveUp);
      };
      const waiting: Waiting = {
        bytes,
        admit: () => {
          stop();
          this.#admit(state, bytes);
          resolve();
        },
      };
      const giveUp = () => {
        stop();
        state.waiting.splice(state.waiting.indexOf(waiting), 1);
        // Else the others have filled it.
        const isOwnFault = this.#inside < this.#limits.total || state.inside >= this.#limits.places;
        this.#admitWaiting();
        this.#forget(key, state);
        reject(isOwnFault ? tooManyAtOnce() : allBusy());
      };
      const timer = setTimeout(giveUp, this.#limits.waitMs);
      gone.addEventListener("abort", giveUp, { once: true });
      state.waiting.push(waiting);
      if (gone.aborted) giveUp();
    });
  }

  #place(key: string, state: KeyState, bytes: number): Place {
    let [held, isInside] = [bytes, true];
    return {
      shrinkTo: (most) => {
        if (!isInside || most >= held) return;
        state.bytes -= held - most;
        held = most;
        this.#admitWaiting();
      },
      leave: () => {
        if (!isInside) return;
        isInside = false;
        state.inside -= 1;
        state.bytes -= held;
        this.#inside -= 1;
        this.#admitWaiting();
        this.#forget(key, state);
      },
    };
  }

  #admitWaiting(): void {
    for (const state of this.#keys.values()) {
      for (let first = state.waiting[0]; first !== undefined; first = state.waiting[0]) {
        if (!this.#fits(state, first.bytes)) break;
        state.waiting.shift();
        first.admit();
      }
    }
  }

  #forget(key: string, state: KeyState): void {
    if (state.inside === 0 && state.waiting.length === 0) this.#keys.delete(key);
  }
}

function tooManyAtOnce(): ProblemError {
  return new ProblemError(
    "rate_limited",
    "Too many requests of this API key are being worked on at once. Send fewer at a time, and try again in a moment.",
    { retryAfterSeconds: 1 },
  );
}

function allBusy(): ProblemError {
  return new ProblemError("unavailable", "The server is busy with other requests. Try again in a moment.", {
    retryAfterSeconds: 1,
  });
}
