import { ApiError } from "./api-error.ts";
import { brand, isBranded } from "./brand.ts";

/** 5xx: the server, or something in front of it, failed. The request may have been carried out. */
export class ServerError extends ApiError {
  static {
    brand(ServerError, "ServerError");
  }
}

export function isServerError(error: unknown): error is ServerError {
  return isBranded(error, "ServerError");
}
