import { ApiError } from "./api-error.ts";
import { brand } from "./brand.ts";

/** 5xx: the server, or something in front of it, failed. The request may have been carried out. */
export class ServerError extends ApiError {}

export const isServerError = brand(ServerError, "ServerError");
