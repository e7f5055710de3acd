import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 401: the API key is missing, unknown, revoked or expired. */
export class AuthenticationError extends ApiError {}

export const isAuthenticationError = brand(AuthenticationError, "AuthenticationError");
