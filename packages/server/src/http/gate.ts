import { ProblemError } from "@pandaprobe/contract/rules";

interface GateLimits {
  /** How many slots one key may hold at once. */
  readonly slots: number;
  /** How many bytes the slots of one key may hold together; a larger request enters only on its own. */
  readonly bytes: number;
  /** How many slots all keys together may hold at once. */
  readonly total: number;
  /** How long a request waits for a slot. */
  readonly waitMs: number;
}

/** The right to be inside the gate, until `leave` is called. */
export interface Slot {
  /** Reports that it holds fewer bytes than announced. */
  shrinkTo(bytes: number): void;
  /** May be called more than once. */
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

/** Limits how much each key does at once. Beyond its limits, a key's requests wait in order; other keys are not held up. */
export class Gate {
  readonly #limits: GateLimits;
  readonly #keys = new Map<string, KeyState>();
  #inside = 0;

  constructor(limits: Partial<GateLimits> & Pick<GateLimits, "slots" | "waitMs">) {
    this.#limits = { bytes: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY, ...limits };
  }

  /**
   * @param gone aborted when the client has gone.
   * @throws ProblemError after the wait: `rate_limited` if the key fills its own limits, `unavailable` if other keys
   * fill the gate.
   */
  async enter(key: string, bytes: number, gone: AbortSignal): Promise<Slot> {
    const state = this.#keys.get(key) ?? { inside: 0, bytes: 0, waiting: [] };
    this.#keys.set(key, state);
    if (state.waiting.length > 0 || !this.#fits(state, bytes)) await this.#wait(key, state, bytes, gone);
    else this.#admit(state, bytes);
    return this.#slot(key, state, bytes);
  }

  #fits(state: KeyState, bytes: number): boolean {
    const { slots, bytes: most, total } = this.#limits;
    return this.#inside < total && state.inside < slots && (state.bytes === 0 || state.bytes + bytes <= most);
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
        const isOwnFault = this.#inside < this.#limits.total || state.inside >= this.#limits.slots;
        this.#admitWaiting();
        this.#dropIfIdle(key, state);
        reject(isOwnFault ? tooManyAtOnce() : allBusy());
      };
      const timer = setTimeout(giveUp, this.#limits.waitMs);
      gone.addEventListener("abort", giveUp, { once: true });
      state.waiting.push(waiting);
      if (gone.aborted) giveUp();
    });
  }

  #slot(key: string, state: KeyState, bytes: number): Slot {
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
        this.#dropIfIdle(key, state);
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

  #dropIfIdle(key: string, state: KeyState): void {
    if (state.inside === 0 && state.waiting.length === 0) this.#keys.delete(key);
  }
}

function tooManyAtOnce(): ProblemError {
  return new ProblemError(
    "rate_limited",
    "Too many requests of this API key are in progress. Send fewer at a time, and try again in a moment.",
    { retryAfterSeconds: 1 },
  );
}

function allBusy(): ProblemError {
  return new ProblemError("unavailable", "The server is busy with other requests. Try again in a moment.", {
    retryAfterSeconds: 1,
  });
}
