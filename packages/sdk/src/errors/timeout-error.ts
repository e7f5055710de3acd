import { brand } from "./brand.ts";
import { PandaProbeError } from "./panda-probe-error.ts";

/** No answer came in time. The request may have been carried out. */
export class TimeoutError extends PandaProbeError {}

export const isTimeoutError = brand(TimeoutError, "TimeoutError");
