import type { z } from "zod";
import { type ErrorCode, errorCodes } from "./error-codes.ts";
import { issueMessage } from "./issue-message.ts";
import { limits } from "./limits.ts";
import type { ProblemError } from "./problem.ts";
import { isLimitIssue, shortened } from "./text.ts";

type Issue = z.core.$ZodIssue;
type Loc = ProblemError["loc"];
type Place = "path" | "query" | "body";

/** An issue, and the path of the validated value. */
export interface PlacedIssue {
  /** Such as `["body", "filters"]`. */
  readonly at: Loc;
  readonly issue: Issue;
}

/** Why a request is rejected, as the fields of a problem. */
export interface Refusal {
  readonly code: ErrorCode;
  /** A sentence for a person. */
  readonly detail: string;
  readonly errors: ProblemError[];
}

/** How many issues the detail names. */
const mostInDetail = 10;
const longestKey = 100;

/**
 * The refusal of a request that does not fit the contract. Its code is `validation_error`, unless all issues are in
 * `filters` or have the same code of their own.
 *
 * @param issues by the part of the request.
 */
export function requestRefusal(
  issues: Readonly<Partial<Record<Place, readonly unknown[] | undefined>>>,
): Refusal {
  const placed = (["path", "query", "body"] as const).flatMap((place) =>
    (issues[place] ?? []).map((issue) => ({ place, issue: issue as Issue })),
  );
  const codes = new Set(placed.map(({ place, issue }) => issueCode(place, issue)));
  const code = codes.size === 1 ? ([...codes][0] ?? "validation_error") : "validation_error";
  return refusal(
    code,
    placed.map(({ place, issue }) => ({ at: [place], issue })),
  );
}

/** The same for one value with an error code of its own. A value that is only too long is a `validation_error`. */
export function refusal(ownCode: ErrorCode, issues: readonly PlacedIssue[]): Refusal {
  const code = issues.every(({ issue }) => isLimitIssue(issue)) ? "validation_error" : ownCode;
  const errors = issues.slice(0, limits.issues).flatMap(problemErrors).slice(0, limits.issues);
  const sentences = errors.slice(0, mostInDetail).map(({ loc, msg }) => `${loc.join(".")} ${msg}`);
  const found = issues.reduce((sum, { issue }) => sum + howMany(issue), 0);
  if (found > mostInDetail) sentences.push(`and ${found - mostInDetail} more`);
  return { code, detail: `${sentences.join("; ")}.`, errors };
}

/** For targets of a run that do not exist. Only the first ones are listed, because there can be very many. */
export function unknownTargets(noun: "trace" | "session", idsField: string, ids: readonly string[]): Refusal {
  return {
    code: "not_found",
    detail: `These ${noun}s are not in this project: ${someOf(ids)}. Nothing was created.`,
    errors: ids.slice(0, limits.issues).map((id) => ({
      loc: ["body", idsField],
      msg: `There is no ${noun} ${id}.`,
      type: "not_found",
    })),
  };
}

/** For traces that would get more tags than a trace can have. */
export function tooManyTags(traceIds: readonly string[]): Refusal {
  const msg = `a trace may have at most ${limits.tags} tags`;
  return {
    code: "validation_error",
    detail: `These traces would have too many tags, and ${msg}: ${someOf(traceIds)}. Nothing was changed.`,
    errors: [{ loc: ["body", "add_tags"], msg, type: "too_big" }],
  };
}

function someOf(ids: readonly string[]): string {
  const listed = ids.slice(0, limits.issues);
  const more = ids.length > listed.length ? ` and ${ids.length - listed.length} more` : "";
  return listed.join(", ") + more;
}

function issueCode(place: Place, issue: Issue): ErrorCode {
  if (isLimitIssue(issue)) return "validation_error";
  // Filters are a field of the body, or of one of its fields.
  const depth = place === "body" ? issue.path.slice(0, 2).indexOf("filters") + 1 : 0;
  const isInFilters = issue.path.length > depth || issue.code === "unrecognized_keys";
  if (depth > 0 && isInFilters) return "invalid_filters";
  const code = issue.code === "custom" ? issue.params?.["code"] : undefined;
  return typeof code === "string" && code in errorCodes ? (code as ErrorCode) : "validation_error";
}

/** One issue can cover very many keys. */
function howMany(issue: Issue): number {
  return issue.code === "unrecognized_keys" ? issue.keys.length : 1;
}

function problemErrors({ at, issue }: PlacedIssue): ProblemError[] {
  const loc = [...at, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, limits.issues).map((key) => ({
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
