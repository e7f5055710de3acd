import {
  type AgreementOfLabels,
  type AgreementOptions,
  agreementOfLabels,
  type ComparisonOfScores,
  type ComparisonOptions,
  comparisonOfScores,
  type JudgedCluster,
  JudgeError,
  type Label,
  type OwnMetric,
  type ScoreResult,
  type SideScore,
} from "@pandaprobe/contract/rules";
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
 * The CPU work of an evaluation, done on the main thread if it is small and in a thread otherwise. The input is JSON
 * text and the output is small, because handing over objects costs the main thread more than handing over texts.
 */

/** A trace to read, and its position in its session. */
export interface StoredSource {
  /** JSON of a `Trace`. */
  readonly trace: string;
  /** `null` for a single trace. */
  readonly place: StoredPlace | null;
}

export interface StoredPlace {
  /** How many traces of the session come before it. */
  readonly index: number;
  /** The traces just before it, with their outputs as JSON. */
  readonly before: readonly { readonly trace_id: string; readonly output: string }[];
}

/** A trace as it is shown to a judge. */
export interface PreparedTrace {
  readonly subject: Subject;
  readonly place: SessionPlace | null;
}

export interface PrepareTask extends StoredSource {
  /** How many characters of the trace the judge accepts. */
  readonly maxChars: number;
}

/** Reads and renders a trace for a judge that is called elsewhere. */
export function prepareTrace({ maxChars, ...source }: PrepareTask): PreparedTrace {
  const { trace, place } = parseSource(source);
  const { text, trimmed } = renderSubject(trace, maxChars);
  return { subject: { trace: reduceTrace(trace), text, trimmed, maxChars }, place };
}

export interface EvaluateTask extends StoredSource {
  /** The metrics to evaluate, each with the threshold for success. */
  readonly metrics: readonly MetricTask[];
}

export interface MetricTask {
  readonly name: string;
  readonly threshold: number;
  /** The definition, if it is the project's own. */
  readonly own: OwnMetric | undefined;
}

/** The result of a metric. Errors are data, because they lose their class between threads. */
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
  for (const { name, threshold, own } of metrics) {
    try {
      const metric = metricAt(name, place, own);
      const evaluation = await evaluateMetric(metric, subject, judge, { threshold, signal: never });
      evaluated.set(name, { evaluation });
    } catch (error) {
      evaluated.set(name, failureOf(error));
    }
  }
  return evaluated;
}

export interface AgreementTask extends AgreementOptions {
  readonly scores: {
    /** Pieces of JSON with `LabelColumns`. */
    readonly labels: readonly string[];
    /** Pieces of JSON with `JudgedColumns`. */
    readonly judged: readonly string[];
  };
}

/** Labels as columns, because lists of plain values are faster than objects, both in PostgreSQL and in JSON. */
interface LabelColumns {
  readonly targets: readonly string[];
  readonly clusters: readonly string[];
  readonly selections: readonly Label["selection"][];
  readonly scoreIds: readonly string[];
  readonly values: readonly (number | null)[];
  /** `null` if the judge gave no score; the same applies to the next two. */
  readonly judgeScoreIds: readonly (string | null)[];
  readonly judgeValues: readonly (number | null)[];
  readonly judgeApplicable: readonly (boolean | null)[];
}

interface JudgedColumns {
  readonly clusters: readonly string[];
  readonly passed: readonly number[];
  readonly judged: readonly number[];
}

/** Resamples the scores of people and judge a thousand times. */
export function computeAgreement({ scores, ...options }: AgreementTask): AgreementOfLabels {
  const labels = scores.labels.flatMap(readLabels);
  const judged = scores.judged.flatMap(readJudged);
  return agreementOfLabels({ labels, judged }, options);
}

function readLabels(json: string): Label[] {
  // Our own query wrote this JSON and that of `readJudged`; see `features/agreements/labelled-scores.ts`.
  const columns = JSON.parse(json) as LabelColumns;
  return columns.targets.map((target, i) => {
    const judgeScoreId = columns.judgeScoreIds[i] ?? null;
    return {
      target,
      cluster: columns.clusters[i] ?? target,
      selection: columns.selections[i] ?? "random",
      scoreId: columns.scoreIds[i] ?? "",
      value: columns.values[i] ?? null,
      judge:
        judgeScoreId === null
          ? null
          : {
              scoreId: judgeScoreId,
              value: columns.judgeValues[i] ?? null,
              applicable: columns.judgeApplicable[i] ?? true,
            },
    };
  });
}

function readJudged(json: string): JudgedCluster[] {
  const { clusters, passed, judged } = JSON.parse(json) as JudgedColumns;
  return clusters.map((cluster, i) => ({ cluster, passed: passed[i] ?? 0, judged: judged[i] ?? 0 }));
}

export interface ComparisonTask extends ComparisonOptions {
  /** The scores of each side, as pieces of JSON with `SideColumns`. */
  readonly scores: { readonly a: readonly string[]; readonly b: readonly string[] };
}

/** Scores as columns, like labels. */
interface SideColumns {
  readonly ids: readonly string[];
  readonly keys: readonly (string | null)[];
  readonly clusters: readonly string[];
  readonly values: readonly (number | null)[];
  readonly passed: readonly (boolean | null)[];
  readonly applicable: readonly boolean[];
}

/** Resamples the scores of both sides a thousand times. */
export function computeComparison({ scores, ...options }: ComparisonTask): ComparisonOfScores {
  return comparisonOfScores({ a: scores.a.flatMap(readScores), b: scores.b.flatMap(readScores) }, options);
}

function readScores(json: string): SideScore[] {
  // Our own query wrote it: see `features/comparisons/side-scores.ts`.
  const { ids, keys, clusters, values, passed, applicable } = JSON.parse(json) as SideColumns;
  return ids.map((id, i) => ({
    id,
    key: keys[i] ?? null,
    cluster: clusters[i] ?? "",
    value: values[i] ?? null,
    passed: passed[i] ?? null,
    applicable: applicable[i] ?? true,
  }));
}

function failureOf(error: unknown): Evaluated {
  if (error instanceof JudgeError) return { judgeError: error.message };
  return { brokeWith: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

const never = new AbortController().signal;

/**
 * The metric of this name, for a trace at this position of a session.
 *
 * @param own the project's own metric of this name, if there is one.
 */
export function metricAt(
  name: string,
  place: PreparedTrace["place"],
  own: OwnMetric | undefined,
): TraceMetric {
  const metric =
    name === "loop_detection" && place !== null ? loopDetection(place) : findTraceMetric(name, own);
  if (metric === undefined) throw new TypeError(`There is no metric ${name} for a trace here.`);
  return metric;
}

function parseSource({ trace, place }: StoredSource): { trace: Trace; place: PreparedTrace["place"] } {
  refuseTooManyValues(trace);
  return {
    // Our own query wrote it: see `features/traces/stored-trace.ts`.
    trace: JSON.parse(trace) as Trace,
    place: place && {
      ...place,
      before: place.before.map(({ trace_id, output }) => ({ trace_id, output: toText(JSON.parse(output)) })),
    },
  };
}

/** Far more than any agent records. This many values take several hundred megabytes of memory. */
const MOST_VALUES = 2_000_000;

/** Counts the values in the text, so that they need not be parsed. */
function refuseTooManyValues(json: string): void {
  let values = 0;
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === quote) i = endOfString(json, i);
    else if (unit === comma || unit === bracket || unit === brace) values += 1;
  }
  if (values <= MOST_VALUES) return;
  throw new JudgeError(
    `The trace has more than ${MOST_VALUES.toLocaleString("en-US")} values, which is too many to evaluate. Record less in its inputs, outputs and metadata.`,
  );
}

function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end === -1 ? json.length : end;
}

/** Whether an odd number of backslashes comes before it. */
function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(at - 1 - backslashes) === backslash) backslashes += 1;
  return backslashes % 2 === 1;
}

const [quote, comma, bracket, brace, backslash] = [34, 44, 91, 123, 92] as const;
