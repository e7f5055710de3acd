import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 409: an idempotency key was used with another request, or its first request is still running. */
export class ConflictError extends ApiError {
  static {
    brand(ConflictError, "ConflictError");
  }
}

export function isConflictError(error: unknown): error is ConflictError {
  return isBranded(error, "ConflictError");
}
