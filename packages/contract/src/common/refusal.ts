import type { z } from "zod";
import { type ErrorCode, errorCodes } from "./error-codes.ts";
import { issueMessage } from "./issue-message.ts";
import type { ProblemError } from "./problem.ts";

type Issue = z.core.$ZodIssue;
type Loc = ProblemError["loc"];
type Place = "path" | "query" | "body";

/** What a schema found, from the place where the value stands. */
export interface PlacedIssue {
  /** Such as `["body", "filters"]`. */
  readonly at: Loc;
  readonly issue: Issue;
}

/** Why a request is refused, in the words of the API's errors. */
export interface Refusal {
  readonly code: ErrorCode;
  /** A sentence for a person. */
  readonly detail: string;
  readonly errors: ProblemError[];
}

/** How many of the things that are wrong the answer lists, and its sentence names. */
const mostReported = 100;
const mostInDetail = 10;
const longestKey = 100;

/**
 * What the contract's schemas hold against a request: `validation_error`, unless all that is wrong stands inside `filters`
 * or names a code of its own.
 *
 * @param issues by the part of the request that the schema was for.
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

/** The same for one value, whose code is known. */
export function refusal(code: ErrorCode, issues: readonly PlacedIssue[]): Refusal {
  const details = issues.flatMap(problemErrors);
  const sentences = details.slice(0, mostInDetail).map(({ loc, msg }) => `${loc.join(".")} ${msg}`);
  if (details.length > mostInDetail) sentences.push(`and ${details.length - mostInDetail} more`);
  return { code, detail: `${sentences.join("; ")}.`, errors: details.slice(0, mostReported) };
}

function issueCode(place: Place, issue: Issue): ErrorCode {
  const isInFilters = place === "body" && issue.path[0] === "filters";
  if (isInFilters && (issue.path.length > 1 || issue.code === "unrecognized_keys")) return "invalid_filters";
  const code = issue.code === "custom" ? issue.params?.["code"] : undefined;
  return typeof code === "string" && code in errorCodes ? (code as ErrorCode) : "validation_error";
}

function problemErrors({ at, issue }: PlacedIssue): ProblemError[] {
  const loc = [...at, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      loc: [...loc, shortened(key)],
      msg: "is not a known field",
      type: issue.code,
    }));
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return [{ loc, msg: `is missing (expected ${issue.expected})`, type: "missing" }];
  }
  return [{ loc, msg: issueMessage(issue), type: issue.code ?? "invalid" }];
}

/** A key of a request may be as long as its body. */
function shortened(key: string): string {
  if (key.length <= longestKey) return key;
  // The cut may go through a surrogate pair.
  return `${key.slice(0, longestKey).replace(/[\ud800-\udbff]$/, "\ufffd")}…`;
}
