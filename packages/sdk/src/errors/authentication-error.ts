import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 401: the API key is missing, unknown, revoked or expired. */
export class AuthenticationError extends ApiError {
  static {
    brand(AuthenticationError, "AuthenticationError");
  }
}

export function isAuthenticationError(error: unknown): error is AuthenticationError {
  return isBranded(error, "AuthenticationError");
}
