import { isRecord } from "./json-values.ts";
import type { SpanMapping } from "./map-span.ts";
import type { OtelSpan } from "./otel-span.ts";
import { parentIdOf } from "./otel-span.ts";
import { sortableLatest, sortableTime } from "./time.ts";

/** A span of a trace. */
export interface TracePart extends SpanMapping {
  readonly otel: OtelSpan;
  /** Whether it is stored, or only used for the trace's name, times and status. */
  readonly isKept: boolean;
}

/** Which span decides a field, as a text that sorts: the smallest one decides. */
export type Rank = string;

/** The ranks of a span's missing input or output, for when messages from the log fill it. It is JSON. */
export interface ContentRanks {
  readonly input?: Rank;
  readonly output?: Rank;
}

/** A span, with what it decides of its trace. */
export interface RankedPart {
  readonly part: TracePart;
  readonly rank: Rank;
  readonly isRoot: boolean;
  readonly isStep: boolean;
  /** Its ranks among the spans that may give the trace's input or output. */
  readonly ranks: Required<ContentRanks> | undefined;
  /** The same, undefined if it has none to give. */
  readonly input: Rank | undefined;
  readonly output: Rank | undefined;
  /** Its rank among steps, the last to end first. Of those, the outermost began first. */
  readonly lastRank: Rank;
}

export function rankedPart(part: TracePart): RankedPart {
  const { otel, span, end, isKept } = part;
  // If the trace began in another process, the first span called from there stands in for the root.
  const level = parentIdOf(otel) === undefined ? 0 : isCalledFromElsewhere(otel) ? 1 : 2;
  const start = sortableTime(otel.startTime);
  const rank = `${level}${start}${span.span_id}`;
  const lastRank = `${sortableLatest(end)}${start}${span.span_id}`;
  const isStep = ["AGENT", "CHAIN", "LLM"].includes(span.kind) && !part.isFrame;
  const speaks = isKept && (level < 2 || isStep);
  const ranks = {
    input: `${level}${start}${sortableLatest(end)}${span.span_id}`,
    output: level < 2 ? rank : `${level}${lastRank}`,
  };
  const answers = span.output != null && (level < 2 || !isQuestion(span.output));
  return {
    part,
    rank,
    isRoot: level < 2,
    isStep,
    ranks: speaks ? ranks : undefined,
    input: speaks && span.input != null ? ranks.input : undefined,
    output: speaks && answers ? ranks.output : undefined,
    lastRank,
  };
}

/** @returns null for a span that lacks neither, or does not decide its trace's. */
export function contentRanks(part: TracePart): ContentRanks | null {
  const lacks = { input: part.span.input == null, output: part.span.output == null };
  if (!(lacks.input || lacks.output)) return null;
  const { ranks } = rankedPart(part);
  if (ranks === undefined) return null;
  return {
    ...(lacks.input ? { input: ranks.input } : {}),
    ...(lacks.output ? { output: ranks.output } : {}),
  };
}

/** Whether a step only passes its input on, like the first steps of LangGraph. */
function isQuestion(output: unknown): boolean {
  const { messages, output: inner } = isRecord(output) ? output : {};
  const list = [output, messages, inner].find(Array.isArray) ?? [output];
  return list.every((message) => isRecord(message) && ["user", "system"].includes(String(message["role"])));
}

const [serverKind, consumerKind] = [1, 4];

/** Spans that serve a request are called from elsewhere, unless the program that recorded them says otherwise. */
function isCalledFromElsewhere({ parentSpanContext, kind }: OtelSpan): boolean {
  return (
    parentSpanContext?.isRemote ??
    (parentSpanContext !== undefined && (kind === serverKind || kind === consumerKind))
  );
}
