import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 429: too many requests; `retryAfterSeconds` says when there is room again. */
export class RateLimitError extends ApiError {
  static {
    brand(RateLimitError, "RateLimitError");
  }
}

export function isRateLimitError(error: unknown): error is RateLimitError {
  return isBranded(error, "RateLimitError");
}
