import { setTimeout as sleep } from "node:timers/promises";
import type { Trial } from "../scenario.ts";
import { hashPattern } from "./llm-behaviour.ts";
import type { World } from "./world.ts";

/**
 * Watches which questions the ledger has answers to, and since when at the latest. A worker that asks one of them later pays
 * twice for no reason.
 */
export class LedgerWatch {
  readonly #world: World;
  readonly #trial: Trial;
  readonly #since = new Map<string, number>();
  readonly #stopped = new AbortController();
  readonly #watching: Promise<void>;

  constructor(trial: Trial, world: World) {
    this.#trial = trial;
    this.#world = world;
    this.#watching = this.#watch();
    trial.defer(() => this.#stop());
  }

  /** Call this just before breaking something: answers that are stored by now count from now on. */
  async look(): Promise<void> {
    const rows = await this.#world.database.rows<{ answer: string }>(
      "select answer from judge_answers where answer is not null and created_at > now() - interval '10 seconds'",
    );
    const now = Date.now();
    for (const { answer } of rows) {
      const hash = hashPattern.exec(answer)?.[1];
      if (hash !== undefined && !this.#since.has(hash)) this.#since.set(hash, now);
    }
  }

  /**
   * Checks all calls against the known answers, and against the number of calls that may have been cut off.
   *
   * @param mayBeOnTheirWay calls that a process may have been about to make when it was frozen, after reading the ledger. It
   *   makes them when it wakes up.
   */
  async check(mayBePaidTwice: number, mayBeOnTheirWay = 0): Promise<void> {
    await this.#stop();
    await this.look();
    const { calls } = await this.#world.llm.tally();
    const needless = calls.filter(({ hash, receivedAt }) => receivedAt > (this.#since.get(hash) ?? Infinity));
    this.#trial.check(
      "no question whose answer reached the ledger is asked again",
      needless.length <= mayBeOnTheirWay,
      `${needless.length} of ${calls.length} calls${mayBeOnTheirWay > 0 ? `, where ${mayBeOnTheirWay} may have been on their way` : ""}`,
    );
    const served = calls.filter(({ fault }) => fault === null);
    const twice = served.length - new Set(served.map(({ hash }) => hash)).size;
    this.#trial.check(
      "calls paid twice are calls that were in flight",
      twice <= mayBePaidTwice,
      `${twice} of ${served.length}, where ${mayBePaidTwice} calls may have been cut off`,
    );
  }

  async #watch(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      // The database may be what is broken right now.
      await this.look().catch(() => undefined);
      await sleep(200, undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  async #stop(): Promise<void> {
    this.#stopped.abort();
    await this.#watching;
  }
}
