import type { ProblemError } from "../generated/types.ts";

/** As much of a problem document as the errors tell. */
export interface ProblemBody {
  readonly detail: string;
  readonly code: string | null;
  readonly requestId: string | null;
  readonly errors: readonly ProblemError[];
}

/** The body of an answer, as far as it is the API's own problem document; `null` where it is something else. */
export function problemBody(body: unknown): ProblemBody | null {
  const { code, detail, errors, request_id } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof detail !== "string") return null;
  return {
    detail,
    code: text(code),
    requestId: text(request_id),
    errors: Array.isArray(errors) ? errors.filter(isProblemError) : [],
  };
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function isProblemError(value: unknown): value is ProblemError {
  const { loc, msg } = (value ?? {}) as Partial<Record<keyof ProblemError, unknown>>;
  return Array.isArray(loc) && typeof msg === "string";
}
