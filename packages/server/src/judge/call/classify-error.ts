import { AISDKError, APICallError } from "ai";
import { CallTimeoutError, ForeignAddressError, WrongShapeError } from "../providers/call-errors.ts";
import { readProviderError } from "../providers/provider-error.ts";
import { BIGGER_MODEL, type CallFailure, failure, RETRY_LATER } from "./call-failure.ts";
import { classifyRefusal } from "./classify-refusal.ts";

/** Classifies an error thrown by a call. `credentials` names the provider's environment variables, for the advice. */
export function classifyError(error: unknown, credentials: string): CallFailure {
  if (error instanceof CallTimeoutError) {
    return failure("timeout", `did not answer within ${error.timeoutMs / 1_000} s`, {
      advice: "Retry the run later, or raise EVAL_CALL_TIMEOUT_SECONDS for a slow model.",
      scope: "outage",
    });
  }
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 300) {
    return classifyRefusal(error, error.statusCode, credentials);
  }
  const network = networkProblem(error);
  if (network !== null) {
    return failure("unreachable", `could not be reached (${network})`, {
      advice: "Check that the provider can be reached from where the server runs.",
      scope: "outage",
      isFree: neverConnected.test(network),
    });
  }
  if (APICallError.isInstance(error)) return classifyBody(error.responseBody);
  if (error instanceof WrongShapeError) {
    return failure("wrong_shape", error.message, { advice: BIGGER_MODEL });
  }
  if (error instanceof ForeignAddressError) {
    return failure("refused", error.message, {
      advice: "Redirects are not followed: set the provider's base URL to the final address.",
      isRetryable: false,
      scope: "maybe_model",
      isFree: true,
    });
  }
  const message = error instanceof Error ? error.message : String(error);
  return failure("unexpected", `failed: ${message.replace(/\.+$/, "")}`, {
    advice: `Check ${credentials} and the server's log.`,
    // Errors of the AI SDK are about answers that it could not read; anything else is not the provider's fault.
    isRetryable: AISDKError.isInstance(error),
  });
}

/** Classifies a 2xx whose body is not an answer of the API. */
function classifyBody(responseBody: string | undefined): CallFailure {
  if (responseBody?.trim() === "")
    return failure("wrong_shape", "answered with an empty body", { advice: BIGGER_MODEL });
  const { message } = readProviderError(responseBody);
  const isJson = /^\s*[{[]/.test(responseBody ?? "");
  if (message !== "" && isJson) {
    return failure("refused", `answered with an error: “${message}”`, { advice: RETRY_LATER });
  }
  return failure("wrong_shape", "answered with something that is not an answer of this API", {
    advice: BIGGER_MODEL,
  });
}

/**
 * The failure of a call whose answer is unusable.
 *
 * @param finishReason the AI SDK's unified finish reason.
 * @param problem how the answer violates the schema, in a few words.
 */
export function unusableAnswer(finishReason: string, problem: string): CallFailure {
  if (finishReason === "content-filter") {
    return failure("refused", "declined to answer (content filter)", {
      advice: "Choose another model for traces like this one.",
      isRetryable: false,
    });
  }
  if (finishReason === "length") {
    return failure("cut", "did not finish its answer within the output limit", {
      advice: "Raise EVAL_MAX_OUTPUT_TOKENS.",
    });
  }
  return failure("wrong_shape", `answered in the wrong form (${problem})`, { advice: BIGGER_MODEL });
}

const networkCodes =
  /^(?:ECONN\w+|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_\w+|EHOST\w+|ENET\w+|EPROTO|UND_ERR_\w+|\w*CERT\w*|UNABLE_TO_\w+)$/;
/** The codes among these that mean that nothing was sent. */
const neverConnected = /^(?:ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|\w*CERT)/;
/** Messages of `fetch` for errors without a cause. */
const networkMessages = /^(?:fetch failed|terminated|Cannot connect to API)/;

/** The network problem behind an error, such as "ECONNREFUSED"; null if there is none. */
function networkProblem(error: unknown): string | null {
  let current = error;
  // Bounded, since a chain of causes may be circular.
  for (let depth = 0; depth < 10 && current instanceof Error; depth++) {
    const { code } = current as Error & { code?: unknown };
    if (typeof code === "string" && networkCodes.test(code)) return code;
    if (current.cause === undefined && networkMessages.test(current.message)) return current.message;
    current = current.cause;
  }
  return null;
}
