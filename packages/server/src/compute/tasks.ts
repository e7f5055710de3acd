import { JudgeError, type ScoreResult } from "@pandaprobe/contract/rules";
import { createHeuristicJudge } from "../judge/heuristic/heuristic-judge.ts";
import { evaluateMetric } from "../metrics/evaluate.ts";
import { loopDetection, type SessionPlace } from "../metrics/loop-detection.ts";
import { memoizeJudge } from "../metrics/memoize-judge.ts";
import type { TraceMetric } from "../metrics/metric.ts";
import { findTraceMetric } from "../metrics/registry.ts";
import { renderSubject, type Subject } from "../metrics/subject.ts";
import { toText } from "../metrics/to-text.ts";
import type { Trace } from "../metrics/trace.ts";
import { reduceTrace } from "./reduce-trace.ts";

/*
 * The work of an evaluation that takes nothing but CPU: on the main thread where it is small, else in a thread. What goes
 * in is JSON text, and what comes out is small, for objects cost the main thread more to hand over than texts.
 */

/** A trace that is to be read, and where it stands in its session. */
export interface StoredSource {
  /** JSON of a `Trace`. */
  readonly trace: string;
  /** `null` outside of a session. */
  readonly place: StoredPlace | null;
}

export interface StoredPlace {
  /** How many traces of the session are before it. */
  readonly index: number;
  /** The traces just before it, each with its output as JSON. */
  readonly before: readonly { readonly trace_id: string; readonly output: string }[];
}

/** A trace as a judge is asked about it. */
export interface PreparedTrace {
  readonly subject: Subject;
  readonly place: SessionPlace | null;
}

export interface PrepareTask extends StoredSource {
  /** How many characters of it the judge takes. */
  readonly maxChars: number;
}

/** Reads and renders a trace for a judge that is asked elsewhere. */
export function prepareTrace({ maxChars, ...source }: PrepareTask): PreparedTrace {
  const { trace, place } = parseSource(source);
  const { text, trimmed } = renderSubject(trace, maxChars);
  return { subject: { trace: reduceTrace(trace), text, trimmed, maxChars }, place };
}

export interface EvaluateTask extends StoredSource {
  /** The metrics to evaluate, each with the threshold of a success. */
  readonly metrics: readonly { readonly name: string; readonly threshold: number }[];
}

/** What came of a metric; errors as data, for they lose their class between threads. */
export type Evaluated =
  | { readonly evaluation: ScoreResult }
  | { readonly judgeError: string }
  | { readonly brokeWith: string };

/** Evaluates metrics with the heuristic judge, which needs no provider. */
export async function evaluateWithHeuristic({
  metrics,
  ...source
}: EvaluateTask): Promise<ReadonlyMap<string, Evaluated>> {
  const { trace, place } = parseSource(source);
  const judge = memoizeJudge(createHeuristicJudge());
  const subject = renderSubject(trace, judge.maxTraceChars);
  const evaluated = new Map<string, Evaluated>();
  for (const { name, threshold } of metrics) {
    try {
      const metric = metricAt(name, place);
      const evaluation = await evaluateMetric(metric, subject, judge, { threshold, signal: never });
      evaluated.set(name, { evaluation });
    } catch (error) {
      evaluated.set(name, failureOf(error));
    }
  }
  return evaluated;
}

function failureOf(error: unknown): Evaluated {
  if (error instanceof JudgeError) return { judgeError: error.message };
  return { brokeWith: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

const never = new AbortController().signal;

/** The metric of that name, for a trace at this place of a session. */
export function metricAt(name: string, place: PreparedTrace["place"]): TraceMetric {
  const metric = name === "loop_detection" && place !== null ? loopDetection(place) : findTraceMetric(name);
  if (metric === undefined) throw new TypeError(`There is no metric ${name} for a trace here.`);
  return metric;
}

function parseSource({ trace, place }: StoredSource): { trace: Trace; place: PreparedTrace["place"] } {
  refuseTooManyValues(trace);
  return {
    // Written by our own query, see `features/traces/stored-trace.ts`.
    trace: JSON.parse(trace) as Trace,
    place: place && {
      ...place,
      before: place.before.map(({ trace_id, output }) => ({ trace_id, output: toText(JSON.parse(output)) })),
    },
  };
}

/** Far more than any agent records; so many take some hundred megabytes of memory, and what is twice as much may be too much. */
const MOST_VALUES = 2_000_000;

/** Counted in the text: parsing them is what is to be avoided. */
function refuseTooManyValues(json: string): void {
  let values = 0;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === quote) i = endOfString(json, i);
    else if (unit === comma || unit === bracket || unit === brace) values += 1;
  }
  if (values <= MOST_VALUES) return;
  throw new JudgeError(
    `The trace holds more than ${MOST_VALUES.toLocaleString("en-US")} values, which is too many to evaluate it. Record less in its inputs, outputs and metadata.`,
  );
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}

const [quote, comma, bracket, brace, backslash] = [34, 44, 91, 123, 92] as const;
