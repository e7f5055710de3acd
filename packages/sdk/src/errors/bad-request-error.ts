import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 400: an unknown metric, a filter or date range that means nothing, an unknown model provider. */
export class BadRequestError extends ApiError {
  static {
    brand(BadRequestError, "BadRequestError");
  }
}

export function isBadRequestError(error: unknown): error is BadRequestError {
  return isBranded(error, "BadRequestError");
}
