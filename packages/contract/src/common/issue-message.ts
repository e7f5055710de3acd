import type { z } from "zod";

const nouns: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "an array",
  null: "null",
};

/** An issue as the rest of a sentence that begins with the path of the value. */
export function issueMessage(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type": {
      const received = /received (\w+)$/.exec(issue.message)?.[1];
      const what = nouns[issue.expected] ?? issue.expected;
      return received === undefined
        ? issueText(issue)
        : `must be ${what}, not ${nouns[received] ?? received}`;
    }
    case "invalid_value":
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map(String).join(", ")}`;
    case "too_small":
      return bound(issue, "at least", Number(issue.minimum)) ?? issueText(issue);
    case "too_big":
      return bound(issue, "at most", Number(issue.maximum)) ?? issueText(issue);
    default:
      return issueText(issue);
  }
}

/** Rewords zod's default messages for bounds. Messages that a schema defines itself are kept. */
function bound(
  { message, origin }: { message: string; origin: string },
  atLeast: string,
  limit: number,
): string | undefined {
  if (!/^Too (?:small|big): /.test(message)) return undefined;
  if (origin === "array") return `must have ${atLeast} ${limit} ${limit === 1 ? "item" : "items"}`;
  if (origin === "string") return `must have ${atLeast} ${limit} ${limit === 1 ? "character" : "characters"}`;
  return `must be ${atLeast} ${limit}`;
}

/** zod's messages begin with a capital letter; ours continue a sentence. */
function issueText({ message }: z.core.$ZodIssue): string {
  return message
    .replace(/^Invalid input: expected (.*)$/, "must be $1")
    .replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}
