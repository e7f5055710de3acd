import { ProblemError } from "@pandaprobe/contract/rules";

const windowMs = 60_000;

/** How many addresses, and how many valid keys, are remembered; the oldest are dropped first. */
const mostRemembered = 10_000;

interface Failures {
  count: number;
  readonly until: number;
}

/**
 * Limits requests with wrong credentials by address. Beyond the limit an address is refused without a query, except for
 * keys that were valid recently: clients that share the address with an attacker keep working.
 */
export class AuthFailures {
  readonly #mostPerMinute: number;
  readonly #failures = new Map<string, Failures>();
  readonly #validKeys = new Set<string>();

  /** @param mostPerMinute 0 for no limit. */
  constructor(mostPerMinute: number) {
    this.#mostPerMinute = mostPerMinute;
  }

  /** @throws ProblemError `rate_limited` */
  check(address: string, apiKey: string): void {
    const failures = this.#current(address);
    if (this.#mostPerMinute === 0 || failures === undefined) return;
    if (failures.count < this.#mostPerMinute || this.#validKeys.has(apiKey)) return;
    const retryAfterSeconds = Math.ceil((failures.until - Date.now()) / 1000);
    throw new ProblemError(
      "rate_limited",
      `Too many requests from your address had no valid API key. Try again in ${retryAfterSeconds} s.`,
      { retryAfterSeconds },
    );
  }

  failed(address: string, apiKey: string): void {
    this.#validKeys.delete(apiKey);
    const failures = this.#current(address) ?? { count: 0, until: Date.now() + windowMs };
    failures.count += 1;
    this.#failures.set(address, failures);
    dropOldest(this.#failures);
  }

  succeeded(apiKey: string): void {
    if (this.#validKeys.has(apiKey)) return;
    this.#validKeys.add(apiKey);
    dropOldest(this.#validKeys);
  }

  #current(address: string): Failures | undefined {
    const failures = this.#failures.get(address);
    if (failures === undefined || failures.until > Date.now()) return failures;
    this.#failures.delete(address);
    return undefined;
  }
}

function dropOldest(all: Map<string, unknown> | Set<string>): void {
  if (all.size <= mostRemembered) return;
  const [oldest = ""] = all.keys();
  all.delete(oldest);
}
