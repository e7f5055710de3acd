import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 409: an idempotency key was used with another request, or its first request is still running. */
export class ConflictError extends ApiError {}

export const isConflictError = brand(ConflictError, "ConflictError");
