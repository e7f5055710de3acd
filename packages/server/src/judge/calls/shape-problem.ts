import { JSONParseError, type NoObjectGeneratedError, TypeValidationError } from "ai";
import { z } from "zod";

/** Where an answer departs from the schema, in a few words; nothing of the answer itself. */
export function shapeProblem({ cause }: NoObjectGeneratedError): string {
  if (JSONParseError.isInstance(cause)) return "no JSON";
  if (!TypeValidationError.isInstance(cause) || !(cause.cause instanceof z.core.$ZodError))
    return "unreadable";
  const [issue] = cause.cause.issues;
  if (issue === undefined) return "unreadable";
  const path = issue.path.join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
