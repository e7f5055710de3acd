import { type Schema, Validator } from "@cfworker/json-schema";
import { parseIfJson } from "../reading/json.ts";
import { type Check, checked } from "./check-result.ts";

/** How many faults a reason names. */
const mostNamed = 3;

/**
 * Checks the output against a tenant's schema. Its patterns may never finish, so call this only in a thread with a
 * limit on CPU time.
 */
export const checkJsonSchema: Check<"json_schema"> = ({ schema }, trace) => {
  const validator = new Validator(schema as Schema, "2020-12", true);
  let faults: readonly { readonly instanceLocation: string; readonly error: string }[];
  try {
    faults = validator.validate(outputValue(trace.output)).errors;
  } catch (error) {
    // The library throws for dangling references, and for schemas that refer to themselves endlessly.
    const why = error instanceof Error ? error.message : String(error);
    return checked(false, `The JSON Schema of this metric cannot be used: ${why}`);
  }
  // For each fault the library also lists every schema around it; the innermost comes last.
  const named = faults
    .slice(-mostNamed)
    .map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  return checked(
    faults.length === 0,
    faults.length === 0
      ? "The output matches the schema."
      : `The output does not match the schema. ${named.join(" ")}`,
  );
};

/** A text that is JSON counts as its value, even a scalar. */
function outputValue(output: unknown): unknown {
  const parsed = parseIfJson(output);
  if (typeof parsed !== "string") return parsed;
  try {
    return JSON.parse(parsed);
  } catch {
    return parsed;
  }
}
