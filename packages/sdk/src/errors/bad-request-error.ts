import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 400: an unknown metric, a filter or date range that means nothing, an unknown model provider. */
export class BadRequestError extends ApiError {}

export const isBadRequestError = brand(BadRequestError, "BadRequestError");
