import { brand } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** The server could not be reached, or the connection broke. `code` says how, where the platform does. */
export class ConnectionError extends PandaProbeError {}

export const isConnectionError = brand(ConnectionError, "ConnectionError");
