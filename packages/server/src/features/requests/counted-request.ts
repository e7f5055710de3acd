/** In seconds: limits are of what came within this time before now. */
export const windowSeconds = 60;

/** A request in the count of those that a limit is about. */
export interface CountedRequest {
  /** Its place among the requests within the window: beyond the limit, it is one too many. */
  readonly rank: number;
  /** When one more is allowed, or there is room for one more than now. */
  readonly resetSeconds: number;
  /** Takes it back out of the count: it turned out to be a replay only after it was counted. */
  uncount(): Promise<void>;
}
