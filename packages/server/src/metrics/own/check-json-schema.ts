import { type Schema, Validator } from "@cfworker/json-schema";
import { parseIfJson } from "../reading/json.ts";
import { type Check, checked } from "./check-result.ts";

/** How many faults a reason names. */
const mostNamed = 3;

/**
 * Checks the output against a tenant's schema, whose patterns may take for ever: only for a thread with a limit of CPU
 * time.
 */
export const checkJsonSchema: Check<"json_schema"> = ({ schema }, trace) => {
  const validator = new Validator(schema as Schema, "2020-12", true);
  let faults: readonly { readonly instanceLocation: string; readonly error: string }[];
  try {
    faults = validator.validate(outputValue(trace.output)).errors;
  } catch (error) {
    // The library throws for references that lead nowhere, and for schemas that refer to themselves without end.
    const why = error instanceof Error ? error.message : String(error);
    return checked(false, `The JSON Schema of this metric cannot be used: ${why}`);
  }
  // Of each fault the library also lists every schema around it; the innermost comes last.
  const named = faults
    .slice(-mostNamed)
    .map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  return checked(
    faults.length === 0,
    faults.length === 0
      ? "The output fits the schema."
      : `The output does not fit the schema. ${named.join(" ")}`,
  );
};

/** A text that is JSON stands for its value, scalars too. */
function outputValue(output: unknown): unknown {
  const parsed = parseIfJson(output);
  if (typeof parsed !== "string") return parsed;
  try {
    return JSON.parse(parsed);
  } catch {
    return parsed;
  }
}
