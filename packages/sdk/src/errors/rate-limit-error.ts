import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 429: too many requests; `retryAfterSeconds` says when there is room again. */
export class RateLimitError extends ApiError {}

export const isRateLimitError = brand(RateLimitError, "RateLimitError");
