import { type ErrorCode, errorCodes, type ProblemError as ProblemDetail } from "@pandaprobe/contract";
import type { z } from "zod";
import { ProblemError } from "../features/problem.ts";
import { shortened } from "./shortened.ts";

type Issue = z.core.$ZodIssue;
type Place = "path" | "query" | "body";
type Issues = { readonly issues: readonly unknown[] } | null;

/** How many of the things that are wrong the answer lists, and its sentence names. */
const mostReported = 100;
const mostInDetail = 10;

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
  const details = issues.flatMap(({ place, issue }) => problemDetails(place, issue));
  const codes = new Set(issues.map(({ place, issue }) => issueCode(place, issue)));
  const code = codes.size === 1 ? ([...codes][0] ?? "validation_error") : "validation_error";
  const sentences = details.slice(0, mostInDetail).map(({ loc, msg }) => `${loc.join(".")} ${msg}`);
  if (details.length > mostInDetail) sentences.push(`and ${details.length - mostInDetail} more`);
  return new ProblemError(code, `${sentences.join("; ")}.`, { errors: details.slice(0, mostReported) });
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

function problemDetails(place: Place, issue: Issue): ProblemDetail[] {
  const loc = [place, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      loc: [...loc, shortened(key, 100)],
      msg: "is not a known field",
      type: issue.code,
    }));
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ loc, msg: `is missing (expected ${issue.expected})`, type: "missing" }];
  }
  return [{ loc, msg: message(issue), type: issue.code ?? "invalid" }];
}

/** zod's own messages begin with a capital; ours continue the name of the field. */
function message(issue: Issue): string {
  return issue.message
    .replace(/^Invalid input: expected (.*)$/, "must be $1")
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
