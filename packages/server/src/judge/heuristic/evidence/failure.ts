import { isRecord, parseIfJson } from "../../../metrics/reading/json.ts";
import type { Span } from "../../../metrics/trace.ts";
import { trimText } from "../../../metrics/trim/text.ts";

const MAX_TEXT = 160;
/** Only this much of a result is searched for an error, which says so at the beginning. */
const MAX_BEGINNING = 1_000;
const FAILED_STATES = new Set(["error", "failed", "failure", "timeout", "timed_out", "rejected", "invalid"]);

/** Why a step failed, according to its span or its result; null if it did not fail. */
export function failureOf(span: Pick<Span, "status" | "error" | "output">): string | null {
  const stated = span.error ?? failureInResult(span.output);
  if (stated !== null) return trimText(stated, MAX_TEXT);
  return span.status === "ERROR" ? "status ERROR" : null;
}

/** The error that a tool returned as its result, in any of the usual forms; null if there is none. */
function failureInResult(output: unknown): string | null {
  if (typeof output === "string") {
    const parsed = parseIfJson(output);
    if (parsed !== output) return failureInResult(parsed);
    return /^\W*(error|exception|traceback|failed|failure|fatal|fehler|erreur|errore|erro)\b/i.test(
      output.slice(0, MAX_BEGINNING),
    )
      ? output
      : null;
  }
  if (!isRecord(output)) return null;
  const { error, errors, status, state } = output;
  if (typeof error === "string" && error !== "") return error;
  if (isRecord(error)) return typeof error["message"] === "string" ? error["message"] : JSON.stringify(error);
  if (error === true) return typeof output["message"] === "string" ? output["message"] : "error: true";
  if (Array.isArray(errors) && errors.length > 0) return JSON.stringify(errors[0]);
  for (const flag of ["success", "ok", "isError", "is_error"]) {
    if (output[flag] === flag.startsWith("is")) return `${flag}: ${output[flag]}`;
  }
  for (const value of [status, state]) {
    if (typeof value === "string" && FAILED_STATES.has(value.toLowerCase())) return `status: ${value}`;
  }
  const code = output["status_code"] ?? output["statusCode"];
  return typeof code === "number" && code >= 400 ? `status code ${code}` : null;
}
