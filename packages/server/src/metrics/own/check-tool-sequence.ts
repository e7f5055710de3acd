import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../reading/json.ts";
import { toParameters } from "../reading/tool-call.ts";
import { readToolCalls } from "../reading/tool-calls.ts";
import { type Check, checked, notApplicable, withoutReference } from "./check-result.ts";
import { atMetadataPath } from "./metadata-path.ts";

interface Call {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** More expected calls than this are not compared, because the time grows with the square of their number. */
const mostCalls = 200;
/** How many calls a reason names. */
const mostNamed = 10;

export const checkToolSequence: Check<"tool_sequence"> = (definition, trace) => {
  const { expected: path, match = "strict" } = definition;
  const given = atMetadataPath(trace, path);
  if (given === undefined) return withoutReference(path);
  const expected = readExpected(given);
  if (expected === undefined) {
    return notApplicable(
      "invalid_reference",
      `the trace's metadata has no list of calls at ${JSON.stringify(path)}: use [{"name": "search", "arguments": {}}], or names.`,
    );
  }
  const made = readToolCalls(trace) ?? [];
  if (Math.max(expected.length, made.length) > mostCalls) {
    return notApplicable("too_many_calls", `there are more than ${mostCalls} calls to compare.`);
  }
  const isMatch = matcher(definition);
  const isRight = compare(match ?? "strict", expected, made, isMatch);
  const calls = `Expected (${match ?? "strict"}): ${names(expected)}. Made: ${names(made)}.`;
  const sameNames = names(expected) === names(made) && !isRight;
  return checked(isRight, sameNames ? `${calls} Their arguments differ.` : calls, {
    expected: expected.map(({ name }) => name),
    made: made.map(({ name }) => name),
  });
};

type Matcher = (expected: Call, made: Call) => boolean;

function compare(
  match: "strict" | "unordered" | "subset" | "superset",
  expected: readonly Call[],
  made: readonly Call[],
  isMatch: Matcher,
): boolean {
  switch (match) {
    case "strict":
      return (
        expected.length === made.length &&
        expected.every((call, i) => isMatch(call, made[i] ?? { name: "", parameters: {} }))
      );
    case "unordered":
      return expected.length === made.length && isAssignable(expected, made, isMatch);
    case "superset":
      return isAssignable(expected, made, isMatch);
    case "subset":
      return isAssignable(made, expected, (call, other) => isMatch(other, call));
  }
}

/**
 * Whether each of these calls can be matched with a different one: a maximum matching by augmenting paths (Kuhn),
 * because the first match may be the only one for a later call.
 */
function isAssignable(calls: readonly Call[], others: readonly Call[], isMatch: Matcher): boolean {
  if (calls.length > others.length) return false;
  const fitting = calls.map((call) => others.flatMap((other, j) => (isMatch(call, other) ? [j] : [])));
  const takenBy = new Map<number, number>();
  const assign = (i: number, seen: Set<number>): boolean => {
    for (const j of fitting[i] ?? []) {
      if (seen.has(j)) continue;
      seen.add(j);
      const owner = takenBy.get(j);
      if (owner === undefined || assign(owner, seen)) {
        takenBy.set(j, i);
        return true;
      }
    }
    return false;
  };
  return calls.every((_, i) => assign(i, new Set()));
}

function matcher({ arguments: compared, ignored_arguments }: Parameters<Check<"tool_sequence">>[0]): Matcher {
  if (compared === "ignore") return (expected, made) => expected.name === made.name;
  const ignored = new Set(ignored_arguments ?? []);
  const isEqual = (key: string, a: Call, b: Call) =>
    ignored.has(key) || isDeepStrictEqual(a.parameters[key], b.parameters[key]);
  return (expected, made) =>
    expected.name === made.name &&
    Object.keys(expected.parameters).every((key) => isEqual(key, expected, made)) &&
    (compared !== "exact" || Object.keys(made.parameters).every((key) => isEqual(key, expected, made)));
}

function readExpected(value: unknown): Call[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const calls = value.map((item): Call | undefined => {
    if (typeof item === "string") return { name: item, parameters: {} };
    if (!isRecord(item) || typeof item["name"] !== "string") return undefined;
    return {
      name: item["name"],
      parameters: toParameters(item["arguments"] ?? item["args"] ?? item["parameters"]),
    };
  });
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

function names(calls: readonly Call[]): string {
  const listed = calls.slice(0, mostNamed).map(({ name }) => name);
  if (calls.length > mostNamed) listed.push("…");
  return listed.length === 0 ? "none" : listed.join(", ");
}
