import { brand } from "./brand.ts";
import { type ErrorFields, PandaProbeError } from "./panda-probe-error.ts";

export interface ApiErrorFields extends ErrorFields {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
}

/** The base class assigns the fields; this only narrows their type. */
const WithApiFields = PandaProbeError as new (message: string, fields: ApiErrorFields) => PandaProbeError;

/** The server answered with an error status. There are subclasses for the common ones. */
export class ApiError extends WithApiFields {
  declare readonly status: number;
  /** How many seconds the server asks to wait before the next attempt; `null` if it does not say. */
  declare readonly retryAfterSeconds: number | null;
}

/** 400: an unknown metric, an invalid filter or date range, or an unknown model provider. */
export class BadRequestError extends ApiError {}

/** 401: the API key is missing, unknown, revoked or expired. */
export class AuthenticationError extends ApiError {}

/** 404: the project has no such resource. */
export class NotFoundError extends ApiError {}

/** 409: the idempotency key was used with a different request, or its first request is still running. */
export class ConflictError extends ApiError {}

/** 413, 415 or 422: the request is too large or has invalid values; `errors` lists them. */
export class ValidationError extends ApiError {}

/** 429: too many requests; `retryAfterSeconds` says when to try again. */
export class RateLimitError extends ApiError {}

/** 5xx: the server, or a proxy in front of it, failed. The request may have been carried out. */
export class ServerError extends ApiError {}

export const isApiError = brand(ApiError, "ApiError");
export const isBadRequestError = brand(BadRequestError, "BadRequestError");
export const isAuthenticationError = brand(AuthenticationError, "AuthenticationError");
export const isNotFoundError = brand(NotFoundError, "NotFoundError");
export const isConflictError = brand(ConflictError, "ConflictError");
export const isValidationError = brand(ValidationError, "ValidationError");
export const isRateLimitError = brand(RateLimitError, "RateLimitError");
export const isServerError = brand(ServerError, "ServerError");
