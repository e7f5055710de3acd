import type { Api } from "../world/api.ts";

/** The hostile tenant. */
export interface Attacker {
  /** Sends requests as a project of its own. */
  readonly api: Api;
  /** A configured model whose provider answers at once, for attacks that need an LLM judge. */
  readonly llm: string;
  /** Whether it is the short form, in which a quarter of a series of requests is enough. */
  readonly short: boolean;
  /** Aborted when the trial ends early. */
  readonly signal: AbortSignal;
}

/** One thing that a hostile tenant does. */
export interface Attack {
  readonly name: string;
  readonly title: string;
  /** Whether the short form, which the tests run, leaves it out. */
  readonly onlyInFull?: boolean;
  /**
   * Stores what the attack needs. Nothing is measured meanwhile.
   *
   * @returns the attack itself, which resolves with its outcome once it is over.
   */
  prepare(attacker: Attacker): Promise<() => Promise<string>>;
}

/** Attacks of one kind. They share a server, but each has a project of its own. */
export interface Family {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  /** Variables of the server. Default: none but those that all families need. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly attacks: readonly Attack[];
}

/** The limits that must hold during every attack. */
export interface Limits {
  /** The longest that the server's event loop may be blocked, apart from waiting for a processor. */
  readonly loopDelayMs: number;
  /** How many times as long another tenant's run may take as it takes alone. */
  readonly slowdown: number;
  /** The most memory that the server's process may use. */
  readonly residentMb: number;
}

export const limits: Limits = { loopDelayMs: 200, slowdown: 3, residentMb: 1_500 };

/** The tests run beside other work on machines of any speed, so they only catch what is far beyond the limits. */
export const shortFormLimits: Limits = { loopDelayMs: 1_500, slowdown: 20, residentMb: 2_000 };
