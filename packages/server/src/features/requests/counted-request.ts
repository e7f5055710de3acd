/** The length of the rolling window of rate limits. */
export const windowSeconds = 60;

/** A request that counts against a rate limit. */
export interface CountedRequest {
  /** Its number among the requests in the window; above the limit it is refused. */
  readonly rank: number;
  /** When one more request is allowed. */
  readonly resetSeconds: number;
  /** Removes it from the count, if it turned out to be a replay. */
  uncount(): Promise<void>;
}
