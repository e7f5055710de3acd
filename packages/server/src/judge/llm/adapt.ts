import type { CallFailure } from "../call/call-failure.ts";
import type { RefusableSetting } from "../providers/dialects.ts";
import type { EndpointTraits, Room } from "./traits.ts";

/** Asking about less of a trace than this is not worthwhile. */
const MIN_TRACE_CHARS = 1_000;
/** Answers hardly fit into fewer tokens; the trace is shortened instead. */
const MIN_OUTPUT_TOKENS = 512;
/** The output limit is not guessed to be lower than this. */
const MIN_GUESSED_OUTPUT_TOKENS = 1_024;
/** A margin, since providers count tokens differently. */
const SAFETY = 0.9;
/** Enough to try every setting and size; if the endpoint still refuses, the question is given up. */
const MAX_CHANGES = 16;

/** How a question is asked. */
export interface AskPlan {
  readonly traits: EndpointTraits;
  readonly room: Room;
  /** Whether the trace was shortened after a refusal. */
  readonly isShortened: boolean;
  /** How often the plan was changed after a refusal. */
  readonly changes: number;
}

/** The call that was refused. */
export interface RefusedCall {
  /** The length of our instructions and the question together. */
  readonly promptChars: number;
  /** How many of these characters are from the trace; if the trace is not shown, how many could have been. */
  readonly traceChars: number;
  readonly outputLimit: number;
}

/** A plan that avoids the refusal; undefined if the refusal concerns nothing that we can change. */
export function adapt(plan: AskPlan, failure: CallFailure, call: RefusedCall): AskPlan | undefined {
  if (plan.changes >= MAX_CHANGES) return undefined;
  const better = changed(plan, failure, call);
  return better && { ...plan, ...better, changes: plan.changes + 1 };
}

function changed(plan: AskPlan, failure: CallFailure, call: RefusedCall): Partial<AskPlan> | undefined {
  switch (failure.kind) {
    case "format": {
      const traits = failure.refused?.map((setting) => without(setting, plan.traits)).find(Boolean);
      return traits && { traits };
    }
    case "too_long":
      return shorterTrace(plan, failure, call);
    case "output_limit":
      return shorterAnswer(plan, failure, call);
    default:
      return undefined;
  }
}

const simplerFormat = {
  json_schema: "tool_call",
  tool_call: "json_object",
  json_object: "text",
  text: undefined,
} as const satisfies Record<EndpointTraits["answerFormat"], EndpointTraits["answerFormat"] | undefined>;

/** The traits without a setting; undefined if it is not used already. */
function without(setting: RefusableSetting, traits: EndpointTraits): EndpointTraits | undefined {
  switch (setting) {
    case "limit_name":
      return traits.limitName === "max_tokens"
        ? { ...traits, limitName: "max_completion_tokens" }
        : undefined;
    case "temperature":
      return traits.temperature ? { ...traits, temperature: false } : undefined;
    case "answer_format": {
      const answerFormat = simplerFormat[traits.answerFormat];
      return answerFormat && { ...traits, answerFormat };
    }
  }
}

/** Shortens the trace to what fits by the provider's numbers, once; without numbers, or if they were wrong, to a half. */
function shorterTrace(
  { room, isShortened }: AskPlan,
  { limit, sent }: Pick<CallFailure, "limit" | "sent">,
  { promptChars, traceChars }: RefusedCall,
): Partial<AskPlan> | undefined {
  const chars = Math.min(room.maxTraceChars, traceChars);
  const isNamed = limit !== undefined && sent !== undefined && !isShortened;
  const fitting = isNamed ? promptChars * (limit / sent) * SAFETY - (promptChars - traceChars) : chars / 2;
  const maxTraceChars = Math.floor(Math.min(fitting, chars * SAFETY));
  if (maxTraceChars < MIN_TRACE_CHARS) return undefined;
  if (isNamed) return { room: { ...room, maxTraceChars }, isShortened: true };
  // Without numbers, the output limit may be what does not fit.
  const maxOutputTokens = halved(room.maxOutputTokens);
  const maxOutputTokensAfterCut = halved(room.maxOutputTokensAfterCut);
  return { room: { maxTraceChars, maxOutputTokens, maxOutputTokensAfterCut }, isShortened: true };
}

function halved(tokens: number): number {
  return Math.max(Math.min(tokens, MIN_GUESSED_OUTPUT_TOKENS), Math.floor(tokens / 2));
}

/** Lowers the output limit to what the provider named, or to a half. If hardly anything is left, shortens the trace instead. */
function shorterAnswer(
  plan: AskPlan,
  { limit }: CallFailure,
  call: RefusedCall,
): Partial<AskPlan> | undefined {
  const { room } = plan;
  const fitting = limit !== undefined && limit < call.outputLimit ? limit : Math.floor(call.outputLimit / 2);
  // The call repeated a cut answer with a higher output limit.
  if (call.outputLimit > room.maxOutputTokens) {
    return { room: { ...room, maxOutputTokensAfterCut: Math.max(fitting, room.maxOutputTokens) } };
  }
  if (fitting < Math.min(MIN_OUTPUT_TOKENS, call.outputLimit)) return shorterTrace(plan, {}, call);
  return { room: { ...room, maxOutputTokens: fitting, maxOutputTokensAfterCut: fitting } };
}
