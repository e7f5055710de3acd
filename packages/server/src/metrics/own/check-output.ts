import { isDeepStrictEqual } from "node:util";
import { parseIfJson } from "../reading/json.ts";
import { type Check, checked, notApplicable, withoutReference } from "./check-result.ts";
import { atMetadataPath } from "./metadata-path.ts";

/** JSON text equals the value that it represents. */
export const checkExactMatch: Check<"exact_match"> = ({ reference, ignore_case }, trace) => {
  const expected = atMetadataPath(trace, reference);
  if (expected === undefined) return withoutReference(reference);
  const isSame =
    isDeepStrictEqual(parseIfJson(trace.output), parseIfJson(expected)) ||
    folded(asText(trace.output).trim(), ignore_case) === folded(asText(expected).trim(), ignore_case);
  return checked(
    isSame,
    isSame ? "The output equals the expected one." : "The output differs from the expected one.",
  );
};

/** How many missing texts a reason names. */
const mostNamed = 5;

export const checkContains: Check<"contains"> = ({ values, reference, match, ignore_case }, trace) => {
  const wanted = values ?? textsAt(atMetadataPath(trace, reference ?? ""));
  if (wanted === undefined) return withoutReference(reference ?? "");
  if (wanted.length === 0) return notApplicable("no_reference", "there is no text to look for.");
  const output = folded(asText(trace.output), ignore_case);
  const missing = wanted.filter((text) => !output.includes(folded(text, ignore_case)));
  const isRight = match === "any" ? missing.length < wanted.length : missing.length === 0;
  const found = `The output contains ${wanted.length - missing.length} of ${wanted.length} texts.`;
  const named = missing.slice(0, mostNamed).map((text) => JSON.stringify(text));
  return checked(isRight, isRight ? found : `${found} Missing: ${named.join(", ")}.`, {
    missing: missing.slice(0, 100),
  });
};

function textsAt(value: unknown): string[] | undefined {
  if (value === undefined) return undefined;
  return (Array.isArray(value) ? value : [value]).map(asText);
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function folded(text: string, ignoreCase: boolean | null | undefined): string {
  return ignoreCase === true ? text.toLowerCase() : text;
}
