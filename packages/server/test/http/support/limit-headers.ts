import type { Answer } from "../../support/api-client.ts";

/** What an answer says of its rate limit: how many are allowed, how many are left, seconds until one more, `Retry-After`. */
export function limitHeaders({ headers }: Answer<unknown>): (number | null)[] {
  return ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset", "retry-after"].map((name) => {
    const value = headers.get(name);
    return value === null ? null : Number(value);
  });
}
