import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 413, 415 or 422: the request is too large, or its values are wrong; `errors` says which and where. */
export class ValidationError extends ApiError {}

export const isValidationError = brand(ValidationError, "ValidationError");
