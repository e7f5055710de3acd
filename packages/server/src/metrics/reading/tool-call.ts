import { isRecord } from "./is-record.ts";
import { parseIfJson } from "./parse-json.ts";

/** A call of a tool as the trace states it. */
export interface ToolCall {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Why the agent made the call, in its own words; empty where the trace does not say. */
  readonly reasoning: string;
}

/** The arguments of a call as an object, however they were recorded: as such, as JSON text, bare, or not at all. */
export function toParameters(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = parseIfJson(value);
  if (isRecord(parsed)) return parsed;
  return parsed === null || parsed === undefined || parsed === "" ? {} : { input: parsed };
}
