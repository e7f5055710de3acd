import { STATUS_CODES } from "node:http";
import { AISDKError, APICallError, NoObjectGeneratedError, NoOutputGeneratedError } from "ai";
import { ResponseError } from "../providers/response-error.ts";
import { CallTimeoutError } from "./call-timeout-error.ts";
import type { Failure } from "./failure.ts";
import { networkProblem } from "./network-problem.ts";
import { providerCodes, providerMessage } from "./provider-answer.ts";
import { retryAfterMs } from "./retry-after.ts";
import { shapeProblem } from "./shape-problem.ts";
import { statusMeaning } from "./status-meaning.ts";
import { WrongShapeError } from "./wrong-shape-error.ts";

const OUT_OF_MONEY = ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"];
const BIGGER_MODEL =
  "Retry the run; if it keeps happening, choose a model that is better at structured answers.";

/** What an error thrown by a call means. `credentials` are the provider's environment variables, for the advice. */
export function diagnose(error: unknown, credentials: string): Failure {
  if (error instanceof CallTimeoutError) {
    return failure("timeout", `did not answer within ${error.timeoutMs / 1_000} s`, {
      advice: "Retry the run later, or raise EVAL_CALL_TIMEOUT_SECONDS for a slow model.",
      concerns: "outage",
    });
  }
  if (error instanceof ResponseError) return diagnoseResponse(error);
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 300) {
    return diagnoseStatus(error, error.statusCode, credentials);
  }
  const network = networkProblem(error);
  if (network !== null) {
    return failure("unreachable", `could not be reached (${network})`, {
      advice: "Check that the provider can be reached from where the server runs.",
      concerns: "outage",
    });
  }
  if (APICallError.isInstance(error)) {
    const what =
      error.responseBody?.trim() === "" ? "an empty body" : "something that is no answer of this API";
    return failure("shape", `answered with ${what}`, { advice: BIGGER_MODEL });
  }
  if (NoObjectGeneratedError.isInstance(error)) return diagnoseObject(error);
  if (NoOutputGeneratedError.isInstance(error)) {
    return failure("shape", "gave an empty answer", { advice: BIGGER_MODEL });
  }
  if (error instanceof WrongShapeError) return failure("shape", error.message, { advice: BIGGER_MODEL });
  const message = error instanceof Error ? error.message : String(error);
  return failure("unexpected", `failed: ${message.replace(/\.+$/, "")}`, {
    advice: `Check ${credentials} and the server's log.`,
    // The library's own errors are about answers it could not read; anything else is not the provider's doing.
    retriable: AISDKError.isInstance(error),
  });
}

function diagnoseStatus(error: APICallError, status: number, credentials: string): Failure {
  const message = providerMessage(error);
  const name = STATUS_CODES[status];
  const what = `answered ${status}${name === undefined ? "" : ` ${name}`}${message && `: “${message}”`}`;
  if (providerCodes(error).some((code) => OUT_OF_MONEY.includes(code))) {
    const advice = "Check the credit and billing of the provider's account.";
    return failure("refused", what, { advice, retriable: false, concerns: "model" });
  }
  const { retriable, concerns, advice } = statusMeaning(status);
  return failure("refused", what, {
    advice: advice(credentials),
    retriable,
    concerns,
    retryAfterMs: retryAfterMs(error.responseHeaders, error.responseBody),
  });
}

function diagnoseResponse({ kind, message }: ResponseError): Failure {
  if (kind === "timeout") {
    const advice = "Retry the run later, or raise EVAL_CALL_TIMEOUT_SECONDS for a slow model.";
    return failure("timeout", message, { advice, concerns: "outage" });
  }
  if (kind === "redirect" || kind === "host") {
    const advice = "Redirects are not followed: set the provider's base URL to the final address.";
    return failure("refused", message, { advice, retriable: false, concerns: "perhaps_model" });
  }
  return failure("shape", message, { advice: BIGGER_MODEL });
}

function diagnoseObject(error: NoObjectGeneratedError): Failure {
  if (error.finishReason === "content-filter") {
    return failure("refused", "declined to answer (content filter)", {
      advice: "Choose another model for traces like this one.",
      retriable: false,
    });
  }
  if (error.finishReason === "length") {
    return failure("cut", "did not finish its answer within the output limit", {
      advice: "Raise EVAL_MAX_OUTPUT_TOKENS.",
    });
  }
  return failure("shape", `answered in the wrong form (${shapeProblem(error)})`, { advice: BIGGER_MODEL });
}

function failure(
  kind: Failure["kind"],
  what: string,
  rest: Pick<Failure, "advice"> & Partial<Failure>,
): Failure {
  return { kind, what, retriable: true, concerns: "question", retryAfterMs: null, ...rest };
}
