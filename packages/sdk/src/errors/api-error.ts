import { brand } from "./brand.ts";
import { type ErrorFields, PandaProbeError } from "./panda-probe-error.ts";

export interface ApiErrorFields extends ErrorFields {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
}

/** The server answered, but not with success. Its subclasses tell the usual meanings apart. */
export class ApiError extends PandaProbeError {
  declare readonly status: number;
  /** How long the server asks to wait before the next try; `null` where it does not say. */
  declare readonly retryAfterSeconds: number | null;

  // The base assigns what is given; this narrows what that is.
  constructor(message: string, fields: ApiErrorFields) {
    super(message, fields);
  }
}

export const isApiError = brand(ApiError, "ApiError");
