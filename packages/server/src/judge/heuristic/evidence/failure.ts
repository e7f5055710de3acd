import { isRecord, parseIfJson } from "../../../metrics/reading/json.ts";
import type { Span } from "../../../metrics/trace.ts";
import { trimText } from "../../../metrics/trim/text.ts";

const MAX_TEXT = 160;
/** An error says that it is one at its beginning. */
const MAX_BEGINNING = 1_000;
const FAILED_STATES = new Set(["error", "failed", "failure", "timeout", "timed_out", "rejected", "invalid"]);

/** Why a step failed, as it or its result says; null where neither says that it did. */
export function failureOf(span: Pick<Span, "status" | "error" | "output">): string | null {
  const stated = span.error ?? failureInResult(span.output);
  if (stated !== null) return trimText(stated, MAX_TEXT);
  return span.status === "ERROR" ? "status ERROR" : null;
}

/** The error that a tool gave back as its result, in the ways in which tools do. */
export function failureInResult(output: unknown): string | null {
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
