import { brand } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** The server could not be reached, or the connection broke. `code` is the platform's, such as `ECONNREFUSED`. */
export class ConnectionError extends PandaProbeError {}

/** The response did not arrive in time. The request may have been carried out. */
export class TimeoutError extends PandaProbeError {}

export const isConnectionError = brand(ConnectionError, "ConnectionError");
export const isTimeoutError = brand(TimeoutError, "TimeoutError");
