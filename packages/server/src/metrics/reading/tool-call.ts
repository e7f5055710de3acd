import { isRecord, parseIfJson } from "./json.ts";

/** A tool call as the trace states it. */
export interface ToolCall {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Why the agent made the call, in its own words; empty if the trace does not say. */
  readonly reasoning: string;
}

/** The arguments of a call as an object, whether they were recorded as an object, as JSON text, as a bare value or not at all. */
export function toParameters(value: unknown): Readonly<Record<string, unknown>> {
  const parsed = parseIfJson(value);
  if (isRecord(parsed)) return parsed;
  return parsed === null || parsed === undefined || parsed === "" ? {} : { input: parsed };
}
