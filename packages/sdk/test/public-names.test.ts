import * as sdk from "@pandaprobe/sdk";
import { expect, it } from "vitest";

/** What the package promises to export, types aside. Taking a name away breaks programs. */
const publicNames = [
  "ApiError",
  "ApiPromise",
  "AuthenticationError",
  "BadRequestError",
  "ConflictError",
  "ConnectionError",
  "NotFoundError",
  "PagePromise",
  "PandaProbe",
  "PandaProbeError",
  "RateLimitError",
  "RunFailedError",
  "RunScores",
  "RunWaitTimeoutError",
  "ServerError",
  "TimeoutError",
  "ValidationError",
  "isApiError",
  "isAuthenticationError",
  "isBadRequestError",
  "isConflictError",
  "isConnectionError",
  "isNotFoundError",
  "isPandaProbeError",
  "isRateLimitError",
  "isRunFailedError",
  "isRunWaitTimeoutError",
  "isServerError",
  "isTimeoutError",
  "isValidationError",
];

it("exports these names, and no others", () => {
  expect(Object.keys(sdk).sort()).toEqual(publicNames);
});
