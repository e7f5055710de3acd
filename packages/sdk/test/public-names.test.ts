import * as sdk from "@pandaprobe/sdk";
import * as otel from "@pandaprobe/sdk/otel";
import * as matchers from "@pandaprobe/sdk/testing/matchers";
import * as msw from "@pandaprobe/sdk/testing/msw";
import * as vitest from "@pandaprobe/sdk/testing/vitest";
import * as traces from "@pandaprobe/sdk/traces";
import * as validate from "@pandaprobe/sdk/validate";
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

it.each([
  ["otel", otel, ["PandaProbeExporter", "toSpanId", "toTraceId", "toTraces"]],
  ["testing/matchers", matchers, ["matchers"]],
  ["testing/msw", msw, ["mockPandaProbe"]],
  ["testing/vitest", vitest, ["matchers"]],
  ["traces", traces, ["PandaProbe"]],
  ["validate", validate, ["ResponseValidationError", "isResponseValidationError", "validateResponses"]],
])("exports these names, and no others, from %s", (_entry, exported, names) => {
  expect(Object.keys(exported).sort()).toEqual(names);
});
