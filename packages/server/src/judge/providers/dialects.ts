/** The providers' wordings of refusals that we can react to. Pure text matching, without statuses or policy. */

/** A number of tokens: 4096 or 4,096. */
const N = String.raw`\d{1,3}(?:,\d{3})+|\d{1,12}`;

/** The sizes that a provider named in a refusal, in tokens; null if it named none. */
export interface SizeLimit {
  readonly limit: number | null;
  readonly sent: number | null;
}

/** A prompt that leaves less of the context for the answer is too long. */
const MIN_ANSWER_TOKENS = 512;

/** Wordings of "prompt and output limit together exceed the context". */
const contextExceeded = wordings(
  // OpenAI, Azure, older vLLM, OpenRouter.
  `maximum context length is (?<context>${N}) tokens.{0,40}requested (?:about )?(?<total>${N}) tokens ?\\(.{0,120}?(?<output>${N}) (?:in|for) (?:the )? ?(?:completion|output)`,
  // vLLM.
  `maximum context length is (?<context>${N}) tokens and your request has (?<prompt>${N}) input tokens`,
  // SGLang.
  `maximum context length of (?<context>${N}) tokens.{0,60}?total of (?:${N}) tokens: (?<prompt>${N}) tokens from the input.{0,40}?(?:${N}) tokens for the completion`,
  // Text Generation Inference.
  `inputs\\W+tokens \\+ \\W?max_new_tokens\\W+must be <= (?<context>${N})\\. Given: (?<prompt>${N})`,
  // Anthropic.
  `input length and \\W?max_tokens\\W? exceed context limit: (?<prompt>${N}) \\+ (?:${N}) > (?<context>${N})`,
);

/** Wordings that name the largest output limit. */
const outputMaximum = wordings(
  `(?:supports|allows|generates?) (?:at most|up to|a maximum of) (?<limit>${N}) (?:completion|output|new) tokens`,
  `max_tokens: (?:${N}) > (?<limit>${N}), which is the maximum allowed`,
  `supported range is from \\d+ \\(inclusive\\) to (?<beyond>${N}) \\(exclusive\\)`,
  `max\\w*tokens\\b.{0,160}?(?:less than or equal to|at most|<=|no more than|not exceed|cannot exceed|not be greater than|up to)\\W{0,3}(?<limit>${N})`,
  `max\\w*tokens\\b.{0,60}?\\[\\s*\\d+\\s*,\\s*(?<limit>${N})\\s*\\]`,
  `maximum tokens you requested exceeds the model limit of (?<limit>${N})`,
);

/** Wordings of the same without a reliable number. */
const outputTooLarge =
  /\bmax\w*tokens\b.{0,40}(?:too (?:large|high|big|many)|exceeds?\b|out of range|above maximum)|requested \d+ output tokens and your prompt contains at least/i;

/** The output limit in the words of a refusal, or what the prompt leaves of the context; undefined if it is not about that. */
export function readOutputLimit(words: string): { readonly limit: number | null } | undefined {
  const exceeded = match(contextExceeded, words);
  if (exceeded !== undefined) {
    const { context = 0, total = 0, output = 0, prompt = total - output } = exceeded;
    const limit = context - prompt;
    return limit < MIN_ANSWER_TOKENS ? undefined : { limit };
  }
  const maximum = match(outputMaximum, words);
  if (maximum !== undefined) return { limit: maximum["limit"] ?? (maximum["beyond"] ?? 1) - 1 };
  return outputTooLarge.test(words) ? { limit: null } : undefined;
}

/** Wordings that name both the size that fits and the size that was sent. */
const tooLongWithSizes = wordings(
  `(?<sent>${N}) tokens > (?<limit>${N})`,
  `limit:? (?<limit>${N}),? requested:? (?<sent>${N})`,
  `(?:input|request|prompt)(?: token count)? ?\\((?<sent>${N})(?: tokens)?\\).{0,120}?(?<limit>${N})`,
  `contains (?<sent>${N}) tokens.{0,80}?(?<limit>${N}) maximum context`,
  `must have less than (?<limit>${N}) tokens\\. Given: (?<sent>${N})`,
  `maximum context length (?:is|of) (?<limit>${N}) tokens.{0,60}?(?<sent>${N})`,
);

const tooLong =
  /context.{0,10}(?:length|window|size|limit)|(?:prompt|input|request|text)s?\b.{0,40}too (?:long|large)|too many (?:input )?tokens|exceeds?.{0,60}(?:token|context|length)|token (?:limit|count)|reduce the length|n_ctx/i;
/** Only unambiguous wordings: an error of the server itself may mention tokens too. */
const surelyTooLong =
  /(?:maximum|available|exceeds?\b.{0,30}) context.{0,10}(?:length|window|size)|context_length_exceeded|(?:prompt|input|request)s?\b.{0,40}too (?:long|large)\b/i;

/**
 * The sizes in a refusal of a prompt that is too long; undefined if it is not about that.
 *
 * @param isCertain whether only unambiguous wordings count.
 */
export function readTooLong(words: string, isCertain: boolean): SizeLimit | undefined {
  const exceeded = match(contextExceeded, words);
  if (exceeded !== undefined) {
    const { context = 0, total = 0, output = 0, prompt = total - output } = exceeded;
    // Half of a small context is left for the answer.
    return { limit: Math.max(context - 2 * MIN_ANSWER_TOKENS, Math.floor(context / 2)), sent: prompt };
  }
  const sizes = readSizes(words);
  const isTooLong = isCertain ? surelyTooLong.test(words) : sizes !== undefined || tooLong.test(words);
  return isTooLong ? (sizes ?? { limit: null, sent: null }) : undefined;
}

/** The sizes in a refusal of a request that exceeds the rate limit by itself, so that waiting is useless. */
export function readLargerThanRate(words: string): SizeLimit | undefined {
  const isTooLarge = /request (?:is )?too large/i.test(words);
  return readSizes(words) ?? (isTooLarge ? { limit: null, sent: null } : undefined);
}

/** The size that fits and the size that was sent, if both are named and plausible. */
function readSizes(words: string): SizeLimit | undefined {
  const { limit = 0, sent = 0 } = match(tooLongWithSizes, words) ?? {};
  return sent > limit && limit > 0 ? { limit, sent } : undefined;
}

/** A setting of a call that an endpoint may not support. */
export type RefusableSetting = "answer_format" | "temperature" | "limit_name";

const limitName =
  /use\W{0,3}max_completion_tokens|max_tokens\b.{0,60}(?:unsupported|not supported|not permitted|deprecated|unknown)|(?:unsupported|unknown|unrecognized)[^.]{0,40}\bmax_tokens/i;
const answerFormat =
  /response_?format|response_?schema|json_?(?:schema|object|mode)|output_(?:config|format)|text\.format|guided_?(?:json|decoding)|tool[_ ]?(?:choice|use|calls?)\b|function.?call|grammar|requested parameters/i;
const perhapsAnswerFormat = /schema|structured|\btools?\b/i;
const refused =
  /not (?:\w+ )?(?:support|permit|allow|available|implement|enable)|n[o']t support|unsupported|no endpoints|invalid|unknown|unrecognized|unexpected|extra|forbidden|failed to parse|requires?\b|cannot|can't|deprecated/i;

/**
 * The settings that a refusal blames.
 *
 * @param isCertain whether only unambiguous wordings count.
 */
export function readRefusedSettings(words: string, isCertain: boolean): RefusableSetting[] {
  if (isCertain && !refused.test(words)) return [];
  const settings: RefusableSetting[] = [];
  if (limitName.test(words)) settings.push("limit_name");
  if (/temperature/i.test(words)) settings.push("temperature");
  if (answerFormat.test(words) || (!isCertain && perhapsAnswerFormat.test(words)))
    settings.push("answer_format");
  return settings;
}

function wordings(...patterns: readonly string[]): readonly RegExp[] {
  return patterns.map((pattern) => new RegExp(pattern, "i"));
}

/** The numbers of the first matching wording, by name. */
function match(patterns: readonly RegExp[], words: string): Record<string, number> | undefined {
  for (const pattern of patterns) {
    const groups = pattern.exec(words)?.groups;
    if (groups === undefined) continue;
    const named = Object.entries(groups).filter(([, digits]) => digits !== undefined);
    return Object.fromEntries(named.map(([name, digits]) => [name, Number(digits.replaceAll(",", ""))]));
  }
  return undefined;
}
