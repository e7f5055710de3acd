import type { Problem, ProblemError } from "../generated/types.ts";

/** The body of an answer, as far as it is the API's own problem document; `null` where it is something else. */
export function problemBody(body: unknown): Partial<Problem> | null {
  if (typeof body !== "object" || body === null) return null;
  const {
    code,
    title,
    detail,
    errors,
    request_id: requestId,
  } = body as Partial<Record<keyof Problem, unknown>>;
  if (typeof detail !== "string") return null;
  return {
    detail,
    ...(typeof code === "string" ? { code } : {}),
    ...(typeof title === "string" ? { title } : {}),
    ...(typeof requestId === "string" ? { request_id: requestId } : {}),
    ...(Array.isArray(errors) ? { errors: errors.filter(isProblemError) } : {}),
  };
}

function isProblemError(value: unknown): value is ProblemError {
  if (typeof value !== "object" || value === null) return false;
  const { loc, msg } = value as Partial<Record<keyof ProblemError, unknown>>;
  return Array.isArray(loc) && typeof msg === "string";
}
