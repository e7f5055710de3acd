import { hash } from "node:crypto";
import { limits } from "@pandaprobe/contract";
import { type ContentRanks, type TraceSummary, withContent } from "@pandaprobe/contract/otel";
import { type SpanContent, spanContent } from "../../db/span-content.ts";

export interface SpanKey {
  readonly trace_id: string;
  readonly span_id: string;
}

/** The content that messages give a span, as JSON. */
export interface MessageContent {
  readonly input: string | null;
  readonly output: string | null;
  readonly tools: string | null;
}

/** A span as it is stored, and the content of its messages: of those that it had before, and of all. JSON is text. */
export interface SpanWithMessages extends Omit<SpanContent, keyof SpanKey>, SpanKey {
  readonly ranks: ContentRanks | null;
  readonly tools: string | null;
  readonly before: MessageContent;
  readonly now: MessageContent;
}

/** A span with new content. */
export interface FilledSpan {
  readonly span: SpanWithMessages;
  readonly input: string;
  readonly output: string;
  readonly model_parameters: string;
  /** By how many bytes it grew. */
  readonly growth: number;
}

/** Messages in the form of a span that has them as attributes: one answer by itself, several as a conversation. */
export function messageContent(
  input: string | null,
  output: string | null,
  outputs: number,
  tools: string | null,
): MessageContent {
  return {
    input: input === null ? null : `{"messages":[${input}]}`,
    output: output === null || outputs === 1 ? output : `{"messages":[${output}]}`,
    tools,
  };
}

/** The span with the content of its messages; nothing if it already has that. */
export function filledSpan(span: SpanWithMessages): FilledSpan[] {
  const { input, output, model_parameters, before, now } = span;
  const filled = {
    input: isOwn(input, before.input) ? input : (now.input ?? input),
    output: isOwn(output, before.output) ? output : (now.output ?? output),
    model_parameters: withTools(span),
  };
  const bytes = (texts: Pick<SpanContent, keyof typeof filled>) =>
    Buffer.byteLength(texts.input) +
    Buffer.byteLength(texts.output) +
    Buffer.byteLength(texts.model_parameters);
  const isSame =
    filled.input === input && filled.output === output && filled.model_parameters === model_parameters;
  return isSame ? [] : [{ span, ...filled, growth: bytes(filled) - bytes(span) }];
}

/** Whether a span has content that is not from messages: the program's own, or what a client has changed. */
function isOwn(content: string, said: string | null): boolean {
  return content !== "null" && content !== said;
}

/** The span's parameters with the declared tools, which are the last of them. Nothing is cut for them. */
function withTools({ model_parameters: parameters, tools, before, now }: SpanWithMessages): string {
  if (now.tools === null || now.tools === tools || (tools !== null && tools !== before.tools))
    return parameters;
  const ending = `"tools":${before.tools}}`;
  const others = parameters === "null" ? "{" : parameters.slice(0, tools === null ? -1 : -ending.length);
  if (tools !== null && !parameters.endsWith(ending)) return parameters;
  const comma = others === "{" || others.endsWith(",") ? "" : ",";
  const whole = `${others}${comma}"tools":${now.tools}}`;
  return Buffer.byteLength(whole) > limits.objectBytes ? parameters : whole;
}

/** The part of a stored trace that its spans' content may change. Input and output are MD5 hashes. */
export interface StoredTrace {
  readonly trace_id: string;
  readonly summary: TraceSummary | null;
  readonly input: string;
  readonly output: string;
}

/** A row of `traces` as a JSON object. Missing columns do not change. */
export function changedTrace(trace: StoredTrace, filled: readonly FilledSpan[]): string {
  let { summary } = trace;
  let change = 0n;
  const said: { input?: string; output?: string } = {};
  for (const { span, input, output, model_parameters } of filled) {
    const now = { input, output };
    change ^= spanContent(span) ^ spanContent({ ...span, ...now, model_parameters });
    for (const side of ["input", "output"] as const) {
      const rank = span.ranks?.[side];
      if (summary === null || rank === undefined || now[side] === span[side]) continue;
      summary = withContent(summary, { [side]: rank });
      if (summary[side] !== rank) continue;
      // Fields that a client has changed meanwhile stay.
      const had = span[side] === "null" ? (span.before[side] ?? "null") : span[side];
      if (rank !== trace.summary?.[side] || trace[side] === hash("md5", had)) said[side] = now[side];
    }
  }
  const json = Object.entries(said).map(([side, text]) => `,"${side}":${text}`);
  const row = JSON.stringify({ trace_id: trace.trace_id, change: change.toString(), summary });
  return `${row.slice(0, -1)}${json.join("")}}`;
}
