import type { Api } from "../world/api.ts";

/** The hostile tenant. */
export interface Attacker {
  /** Speaks as a project of the attack's own. */
  readonly api: Api;
  /** A configured model whose provider answers at once, for what only a run with an LLM reaches. */
  readonly llm: string;
  /** Aborted when the trial ends early. */
  readonly signal: AbortSignal;
}

/** One thing a hostile tenant does. */
export interface Attack {
  readonly name: string;
  readonly title: string;
  /** Left out of the form that the tests have. */
  readonly onlyInFull?: boolean;
  /**
   * Stores what the attack needs; nothing is measured meanwhile.
   *
   * @returns the attack itself: resolves once it is over, with what came of it.
   */
  prepare(attacker: Attacker): Promise<() => Promise<string>>;
}

/** Attacks of one kind. They share a server, and each has a project of its own. */
export interface Family {
  /** As on the command line. */
  readonly name: string;
  readonly title: string;
  readonly attacks: readonly Attack[];
}

/** What must hold during every attack. */
export interface Limits {
  /** The longest that the server's event loop may be held up. */
  readonly loopDelayMs: number;
  /** How much longer another tenant's run may take than it takes alone. */
  readonly slowdown: number;
  /** The most memory that the server's process may ever hold. */
  readonly residentMb: number;
}

export const limits: Limits = { loopDelayMs: 200, slowdown: 3, residentMb: 1_500 };

/** The tests run beside other work, on machines of any speed: they catch what is out of bounds by far. */
export const shortFormLimits: Limits = { loopDelayMs: 1_500, slowdown: 10, residentMb: 2_000 };
