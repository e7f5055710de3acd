import type { ProblemError } from "../generated/types.ts";
import { parsedJson } from "../parsed-json.ts";

/** As much of a problem document as the errors tell. */
export interface ProblemBody {
  readonly detail?: string;
  readonly code?: string | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: readonly ProblemError[];
}

/** The body of an answer, as far as it is the API's own problem document; nothing of what is something else. */
export function problemBody(body: string): ProblemBody {
  const { code, detail, errors, request_id } = (parsedJson(body) ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof detail !== "string") return {};
  return {
    detail,
    code: text(code),
    requestId: text(request_id),
    errors: Array.isArray(errors) ? errors.filter(isProblemError) : [],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isProblemError(value: unknown): value is ProblemError {
  const { loc, msg } = (value ?? {}) as Partial<Record<keyof ProblemError, unknown>>;
  return Array.isArray(loc) && typeof msg === "string";
}
