import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 413, 415 or 422: the request is too large, or its values are wrong; `errors` says which and where. */
export class ValidationError extends ApiError {
  static {
    brand(ValidationError, "ValidationError");
  }
}

export function isValidationError(error: unknown): error is ValidationError {
  return isBranded(error, "ValidationError");
}
