import { ProblemError } from "@pandaprobe/contract/rules";

const windowMs = 60_000;

/** How many addresses, and keys that were right, are remembered: the oldest are forgotten first. */
const mostRemembered = 10_000;

interface Failures {
  count: number;
  readonly until: number;
}

/**
 * Counts the requests of an address whose credentials were wrong. Beyond the limit they are refused without a look at the
 * database, but for keys that were right a while ago: whoever shares the address with an attacker goes on working.
 */
export class AuthFailures {
  readonly #mostPerMinute: number;
  readonly #failures = new Map<string, Failures>();
  readonly #rightKeys = new Set<string>();

  /** @param mostPerMinute 0 for as many as come. */
  constructor(mostPerMinute: number) {
    this.#mostPerMinute = mostPerMinute;
  }

  /** @throws ProblemError `rate_limited` */
  check(address: string, apiKey: string): void {
    const failures = this.#current(address);
    if (this.#mostPerMinute === 0 || failures === undefined) return;
    if (failures.count < this.#mostPerMinute || this.#rightKeys.has(apiKey)) return;
    const retryAfterSeconds = Math.ceil((failures.until - Date.now()) / 1000);
    throw new ProblemError(
      "rate_limited",
      `Too many requests of your address had no valid API key. Try again in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    );
  }

  failed(address: string, apiKey: string): void {
    this.#rightKeys.delete(apiKey);
    const failures = this.#current(address) ?? { count: 0, until: Date.now() + windowMs };
    failures.count += 1;
    this.#failures.set(address, failures);
    forgetOldest(this.#failures);
  }

  succeeded(apiKey: string): void {
    if (this.#rightKeys.has(apiKey)) return;
    this.#rightKeys.add(apiKey);
    forgetOldest(this.#rightKeys);
  }

  #current(address: string): Failures | undefined {
    const failures = this.#failures.get(address);
    if (failures === undefined || failures.until > Date.now()) return failures;
    this.#failures.delete(address);
    return undefined;
  }
}

function forgetOldest(all: Map<string, unknown> | Set<string>): void {
  if (all.size <= mostRemembered) return;
  const [oldest = ""] = all.keys();
  all.delete(oldest);
}
