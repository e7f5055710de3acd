import type { ErrorCode, ProblemError as ProblemDetail } from "@pandaprobe/contract";
import type { z } from "zod";
import { issueMessage } from "./issue-message.ts";
import { ProblemError } from "./problem.ts";
import { shortened } from "./shortened.ts";

type Issue = z.core.$ZodIssue;
type Loc = ProblemDetail["loc"];

/** How many of the things that are wrong the answer lists, and its sentence names. */
const mostReported = 100;
const mostInDetail = 10;
const longestKey = 100;

/** The problem of a value that a schema refused. @param at where the value stands, such as `["body", "filters"]`. */
export function schemaProblem(code: ErrorCode, issues: readonly { at: Loc; issue: Issue }[]): ProblemError {
  const details = issues.flatMap(({ at, issue }) => problemDetails(at, issue));
  const sentences = details.slice(0, mostInDetail).map(({ loc, msg }) => `${loc.join(".")} ${msg}`);
  if (details.length > mostInDetail) sentences.push(`and ${details.length - mostInDetail} more`);
  return new ProblemError(code, `${sentences.join("; ")}.`, { errors: details.slice(0, mostReported) });
}

function problemDetails(at: Loc, issue: Issue): ProblemDetail[] {
  const loc = [...at, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      loc: [...loc, shortened(key, longestKey)],
      msg: "is not a known field",
      type: issue.code,
    }));
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ loc, msg: `is missing (expected ${issue.expected})`, type: "missing" }];
  }
  return [{ loc, msg: issueMessage(issue), type: issue.code ?? "invalid" }];
}
