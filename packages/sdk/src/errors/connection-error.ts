import { brand, isBranded } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** The server could not be reached, or the connection broke. `code` says how, where the platform does. */
export class ConnectionError extends PandaProbeError {
  static {
    brand(ConnectionError, "ConnectionError");
  }
}

export function isConnectionError(error: unknown): error is ConnectionError {
  return isBranded(error, "ConnectionError");
}
