import { type ErrorCode, type PlacedIssue, type Refusal, refusal } from "@pandaprobe/contract";
import { ProblemError } from "./problem.ts";

/** The problem of a value that a schema refused. */
export function schemaProblem(code: ErrorCode, issues: readonly PlacedIssue[]): ProblemError {
  return refusalProblem(refusal(code, issues));
}

export function refusalProblem({ code, detail, errors }: Refusal): ProblemError {
  return new ProblemError(code, detail, { errors });
}
