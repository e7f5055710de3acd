import { type ErrorCode, errorCodes } from "@pandaprobe/contract";
import type { z } from "zod";
import type { ProblemError } from "../features/problem.ts";
import { schemaProblem } from "../features/schema-problem.ts";

type Issue = z.core.$ZodIssue;
type Place = "path" | "query" | "body";
type Issues = { readonly issues: readonly unknown[] } | null;

/**
 * What the contract's schemas refused, as a problem: 422, but 400 where all that is wrong stands inside `filters` or
 * names a code of its own.
 */
export function validationProblem(error: {
  readonly pathParams: Issues;
  readonly query: Issues;
  readonly body: Issues;
}): ProblemError {
  const issues = [
    ...issuesOf("path", error.pathParams),
    ...issuesOf("query", error.query),
    ...issuesOf("body", error.body),
  ];
  const codes = new Set(issues.map(({ place, issue }) => issueCode(place, issue)));
  const code = codes.size === 1 ? ([...codes][0] ?? "validation_error") : "validation_error";
  return schemaProblem(
    code,
    issues.map(({ place, issue }) => ({ at: [place], issue })),
  );
}

function issuesOf(place: Place, error: Issues): { place: Place; issue: Issue }[] {
  return (error?.issues ?? []).map((issue) => ({ place, issue: issue as Issue }));
}

function issueCode(place: Place, issue: Issue): ErrorCode {
  const isInFilters = place === "body" && issue.path[0] === "filters";
  if (isInFilters && (issue.path.length > 1 || issue.code === "unrecognized_keys")) return "invalid_filters";
  const code = issue.code === "custom" ? issue.params?.["code"] : undefined;
  return typeof code === "string" && code in errorCodes ? (code as ErrorCode) : "validation_error";
}
