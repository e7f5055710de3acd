import { setImmediate as nextTurn } from "node:timers/promises";
import { clamp01, describeMetric, type MetricResult, round4 } from "@pandaprobe/contract/rules";
import type { Judge } from "./judge.ts";
import type { TraceMetric } from "./metric.ts";
import { cosine, jaccard, wordSet } from "./similarity.ts";
import { toText } from "./to-text.ts";
import { trimText } from "./trim/text.ts";

/** How many of the preceding traces in the session a trace is compared with. */
export const LOOP_WINDOW_SIZE = 3;

/** Segmenting into words takes about a second per million characters, so only both ends of a longer output are compared. */
const MAX_WORD_CHARS = 100_000;

/** The output of one trace of a session. */
export interface TraceOutput {
  readonly trace_id: string;
  readonly output: unknown;
}

/** The position of a trace in its session. */
export interface SessionPlace {
  /** How many traces of the session precede it. */
  readonly index: number;
  /** The outputs of the traces just before it, in order: at most `LOOP_WINDOW_SIZE`. */
  readonly before: readonly TraceOutput[];
}

/**
 * Whether a trace repeats what one of the traces just before it in the session said: 1 means nothing in common, 0 the
 * same text. Only exists within a session, so it is created for a trace's place in one.
 */
export function loopDetection(place: SessionPlace): TraceMetric {
  return {
    ...describeMetric("loop_detection"),
    stages: {},
    embeds: true,
    evaluate: ({ trace }, judge, signal) => detectLoop(trace, place, judge, signal),
  };
}

/** @throws JudgeError if the outputs could not be embedded. */
async function detectLoop(
  trace: TraceOutput,
  { index, before }: SessionPlace,
  judge: Judge,
  signal: AbortSignal,
): Promise<MetricResult> {
  if (index === 0) return nothingToCompare("first_trace", "It is the first trace of its session.");
  const output = toText(trace.output);
  if (output === "") return nothingToCompare("empty_output", "The trace has no output.");
  const window = before.slice(-LOOP_WINDOW_SIZE);
  const earlier = window
    .map((other, i) => ({
      text: toText(other.output),
      trace_id: other.trace_id,
      trace_index: index - window.length + i,
    }))
    .filter(({ text }) => text !== "");
  if (earlier.length === 0) {
    return nothingToCompare("no_previous_outputs", "None of the traces just before it has an output.");
  }

  const texts = [output, ...earlier.map(({ text }) => text)].map((text) =>
    trimText(text, judge.maxTextChars),
  );
  const [current = [], ...previous] = await judge.embed(texts, signal, [
    trace.trace_id,
    ...earlier.map(({ trace_id }) => trace_id),
  ]);
  const words = await wordsOf(output);
  const compared = [];
  for (const [i, { text, trace_index }] of earlier.entries()) {
    const cosine_similarity = cosine(current, previous[i] ?? []);
    const jaccard_similarity = jaccard(words, await wordsOf(text));
    const hybrid_score = text === output ? 1 : Math.max(0, cosine_similarity) * jaccard_similarity;
    compared.push({ trace_index, cosine_similarity, jaccard_similarity, hybrid_score });
  }
  const closest = compared.reduce((max, next) => (next.hybrid_score > max.hybrid_score ? next : max));
  return {
    score: clamp01(1 - closest.hybrid_score),
    reason: `The output has a similarity of ${round4(closest.hybrid_score)} to that of trace ${closest.trace_index} of the session (words and embeddings by ${judge.embeddingModel}), the closest of the ${compared.length} before it.`,
    metadata: {
      window_size: LOOP_WINDOW_SIZE,
      max_hybrid: round4(closest.hybrid_score),
      comparisons: compared.map((one) => ({
        trace_index: one.trace_index,
        cosine_similarity: round4(one.cosine_similarity),
        jaccard_similarity: round4(one.jaccard_similarity),
        hybrid_score: round4(one.hybrid_score),
      })),
    },
  };
}

/** Yields to the event loop after a long text. */
async function wordsOf(text: string): Promise<ReadonlySet<string>> {
  const words = wordSet(trimText(text, MAX_WORD_CHARS));
  if (text.length > MAX_WORD_CHARS / 10) await nextTurn();
  return words;
}

function nothingToCompare(notApplicable: string, why: string): MetricResult {
  return {
    score: 1,
    reason: `${why} There is nothing to repeat.`,
    metadata: { window_size: LOOP_WINDOW_SIZE, max_hybrid: 0, comparisons: [] },
    notApplicable,
  };
}
