import { brand, isBranded } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** No answer came in time. The request may have been carried out. */
export class TimeoutError extends PandaProbeError {
  static {
    brand(TimeoutError, "TimeoutError");
  }
}

export function isTimeoutError(error: unknown): error is TimeoutError {
  return isBranded(error, "TimeoutError");
}
