import { readOutputLimit, readTooLong } from "./dialects.ts";
import { joinEvents } from "./join-events.ts";
import { type ProviderError, readProviderError } from "./provider-error.ts";

/** A response as it is passed to the AI SDK. */
export interface NormalizedResponse {
  readonly status: number;
  readonly text: string;
}

/**
 * Reads what gateways send under a 2xx instead of a plain JSON answer: comment lines before the JSON ("keep alive"), an
 * unrequested event stream, or an error, which gets the status that it should have had.
 */
export function normalizeResponse(status: number, text: string): NormalizedResponse {
  if (status < 200 || status >= 300) return { status, text };
  const body = readBody(text);
  if (body === undefined) return { status, text };
  const lateError = errorOfChoice(body.value);
  // The status stays 200, because the provider may charge for the partial answer.
  if (lateError !== undefined) return { status, text: JSON.stringify({ error: lateError }) };
  return { status: errorStatus(body.value, body.text) ?? status, text: body.text };
}

interface Body {
  readonly value: Readonly<Record<string, unknown>>;
  /** The same as JSON. */
  readonly text: string;
}

/** Undefined if there is no JSON object. */
function readBody(text: string): Body | undefined {
  const plain = parseObject(text);
  if (plain !== undefined) return { value: plain, text };
  // A line that begins with a colon is a comment of an event stream.
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith(":"));
  const value = lines.some((line) => line.startsWith("data:"))
    ? joinEvents(lines.map(dataOf).filter((data) => data !== undefined))
    : parseObject(lines.join("\n"));
  return value && { value, text: JSON.stringify(value) };
}

/** The data of a line of an event stream; undefined for other lines, and for the final "[DONE]". */
function dataOf(line: string): Body["value"] | undefined {
  return line.startsWith("data:") ? parseObject(line.slice("data:".length)) : undefined;
}

/** The fields that contain an answer, in the APIs that we call. */
const answerFields = ["choices", "content", "data", "output", "candidates", "embeddings", "predictions"];

/** The status that an error should have had; undefined if it is not an error, or does not say enough. */
function errorStatus(body: Body["value"], text: string): number | undefined {
  const isAnswer = answerFields.some((field) => {
    const value = body[field];
    return Array.isArray(value) && value.length > 0;
  });
  if (isAnswer) return undefined;
  const error = readProviderError(text);
  return error.status ?? statusOfCode(error) ?? statusOfWords(error);
}

/** The error that OpenRouter reports if a provider failed while it was answering. */
function errorOfChoice({ choices }: Body["value"]): unknown {
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const hasError =
    typeof choice === "object" && choice !== null && "error" in choice && choice.error !== null;
  return hasError ? choice.error : undefined;
}

/** The most specific codes come first: an error has several, and `invalid_request_error` accompanies many others. */
const statusOfCodes: readonly (readonly [number, readonly string[]])[] = [
  [429, ["insufficient_quota", "rate_limit_exceeded", "rate_limit_error", "resource_exhausted"]],
  [401, ["invalid_api_key", "authentication_error", "unauthenticated", "unauthorized"]],
  [402, ["billing_error", "insufficient_balance", "insufficient_user_quota"]],
  [403, ["permission_error", "permission_denied"]],
  [404, ["model_not_found", "not_found_error", "not_found"]],
  [413, ["request_too_large"]],
  [529, ["overloaded_error"]],
  [504, ["timeout_error", "deadline_exceeded"]],
  [503, ["unavailable", "unavailable_error"]],
  [500, ["api_error", "server_error", "internal_error", "internal_server_error", "internal"]],
  [400, ["context_length_exceeded", "invalid_request_error", "invalid_argument"]],
];

function statusOfCode({ codes }: ProviderError): number | undefined {
  return statusOfCodes.find(([, known]) => known.some((code) => codes.includes(code)))?.[0];
}

function statusOfWords({ words }: ProviderError): number | undefined {
  if (readTooLong(words, true) !== undefined || readOutputLimit(words) !== undefined) return 400;
  if (/rate limit|too many requests/i.test(words)) return 429;
  if (/(?:invalid|incorrect|missing|no) api.?key|unauthorized|authentication/i.test(words)) return 401;
  return undefined;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
