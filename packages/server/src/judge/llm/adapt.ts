import type { CallFailure } from "../call/classify-error.ts";
import type { RefusableSetting } from "../call/dialects.ts";
import type { EndpointTraits, Room } from "./traits.ts";

/** A question about less of a trace than this is not worth asking. */
const MIN_TRACE_CHARS = 1_000;
/** Hardly an answer fits into less: then the trace is shortened instead. */
const MIN_OUTPUT_TOKENS = 512;
/** A guess at the output limit does not go below this. */
const MIN_GUESSED_OUTPUT_TOKENS = 1_024;
/** Tokens are counted by others, in their own way. */
const SAFETY = 0.9;
/** Enough for every setting and size in turn; an endpoint that refuses on is given up. */
const MAX_CHANGES = 16;

/** How a question is put. */
export interface AskPlan {
  readonly traits: EndpointTraits;
  readonly room: Room;
  /** Whether the trace was shortened after a refusal. */
  readonly isShortened: boolean;
  /** How often it was changed after a refusal. */
  readonly changes: number;
}

/** The call that was refused. */
export interface RefusedCall {
  /** Of our instructions and the question together. */
  readonly promptChars: number;
  /** Of these, how many are of the trace; where it is not shown, how many could have been. */
  readonly traceChars: number;
  readonly outputLimit: number;
}

/** How to ask instead, after a call was refused; undefined where the refusal is about nothing that we can change. */
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

/** Undefined where we do without the setting already. */
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

/** As much of the trace as fits by the provider's numbers, once; without them, or if they were wrong, a half. */
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
  // Without numbers, the room for the answer may be what does not fit.
  const maxOutputTokens = halved(room.maxOutputTokens);
  const mostOutputTokens = halved(room.mostOutputTokens);
  return { room: { maxTraceChars, maxOutputTokens, mostOutputTokens }, isShortened: true };
}

function halved(tokens: number): number {
  return Math.max(Math.min(tokens, MIN_GUESSED_OUTPUT_TOKENS), Math.floor(tokens / 2));
}

/** The output limit that the provider named, or a half. Where next to nothing is left, the trace takes too much room. */
function shorterAnswer(
  plan: AskPlan,
  { limit }: CallFailure,
  call: RefusedCall,
): Partial<AskPlan> | undefined {
  const { room } = plan;
  const fitting = limit !== undefined && limit < call.outputLimit ? limit : Math.floor(call.outputLimit / 2);
  // The call was a larger repeat of one that was answered, and cut off.
  if (call.outputLimit > room.maxOutputTokens) {
    return { room: { ...room, mostOutputTokens: Math.max(fitting, room.maxOutputTokens) } };
  }
  if (fitting < Math.min(MIN_OUTPUT_TOKENS, call.outputLimit)) return shorterTrace(plan, {}, call);
  return { room: { ...room, maxOutputTokens: fitting, mostOutputTokens: fitting } };
}
