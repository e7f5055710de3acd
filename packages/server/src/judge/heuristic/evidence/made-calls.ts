import type { ToolCall } from "../../../metrics/reading/tool-call.ts";
import { readToolCalls, readToolSpan } from "../../../metrics/reading/tool-calls.ts";
import type { Trace } from "../../../metrics/trace.ts";
import { failureOf } from "./failure.ts";

/** A tool call and how it ended. */
export interface MadeCall extends ToolCall {
  /** The number of its step, from 1; null for a call that only appears in a message. */
  readonly step: number | null;
  /** Equal for calls of the same tool with the same parameters. */
  readonly key: string;
  readonly failure: string | null;
  /** Whether a later call of the same tool succeeded after this one failed. */
  readonly recovered: boolean;
  /** Whether an earlier call was the same and had the same result. */
  readonly repeated: boolean;
}

/** The tool calls of a trace, in order, from its TOOL spans, or else from the messages of its model calls. */
export function madeCalls(trace: Trace): MadeCall[] {
  const fromSpans = trace.spans.flatMap((span, i) =>
    span.kind === "TOOL"
      ? [
          {
            ...readToolSpan(span),
            step: i + 1,
            failure: failureOf(span),
            result: toKey(span.output ?? span.error),
          },
        ]
      : [],
  );
  const calls =
    fromSpans.length > 0
      ? fromSpans
      : (readToolCalls(trace) ?? []).map((call) => ({ ...call, step: null, failure: null, result: "" }));

  const lastSuccess = new Map<string, number>();
  for (const [i, call] of calls.entries()) if (call.failure === null) lastSuccess.set(call.name, i);
  const seen = new Set<string>();
  return calls.map(({ result, ...call }, i) => {
    const key = `${call.name} ${toKey(call.parameters)}`;
    const event = `${key} ${result}`;
    const repeated = seen.has(event);
    seen.add(event);
    const recovered = call.failure !== null && (lastSuccess.get(call.name) ?? -1) > i;
    return { ...call, key, repeated, recovered };
  });
}

/** "step 3, search" or "search". */
export function nameOf({ step, name }: Pick<MadeCall, "step" | "name">): string {
  return step === null ? name : `step ${step}, ${name}`;
}

function toKey(value: unknown): string {
  return JSON.stringify(value) ?? "";
}
