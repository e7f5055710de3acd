import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 404: there is no such thing in this project. */
export class NotFoundError extends ApiError {
  static {
    brand(NotFoundError, "NotFoundError");
  }
}

export function isNotFoundError(error: unknown): error is NotFoundError {
  return isBranded(error, "NotFoundError");
}
