import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 404: there is no such thing in this project. */
export class NotFoundError extends ApiError {}

export const isNotFoundError = brand(NotFoundError, "NotFoundError");
