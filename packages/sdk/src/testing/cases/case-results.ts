import type { EvaluatedTraces } from "@pandaprobe/sdk";
import type { EndedCaseRun } from "./run-case.ts";

type Scores = EvaluatedTraces["scores"];

/** One run of the agent on a case, with its scores. */
export interface CaseRunResult {
  /** From 1. */
  readonly repeat: number;
  readonly traceId: string;
  /**
   * Whether the agent answered and every score passed. Scores with nothing to judge do not count, and a run without any
   * other score does not pass.
   */
  readonly passed: boolean;
  /** What the agent threw; `null` if it answered. */
  readonly error: string | null;
  readonly scores: readonly Scores[number][];
}

/** A case, over all of its repeats. */
export interface CaseResult {
  readonly id: string;
  /** How many of its repeats passed. */
  readonly passed: number;
  readonly repeats: number;
  /** Whether some of its repeats passed and others did not. */
  readonly isFlaky: boolean;
  /** Why a repeat did not pass; `null` if all of them passed. */
  readonly reason: string | null;
  readonly runs: readonly CaseRunResult[];
}

/** The results of all cases, in their order. */
export function caseResults(ended: readonly EndedCaseRun[], scores: Scores): CaseResult[] {
  const byTrace = grouped(scores, ({ trace_id }) => trace_id);
  return [...grouped(ended, ({ id }) => id)].map(([id, ofCase]) => {
    const runs = ofCase
      .toSorted((a, b) => a.repeat - b.repeat)
      .map((run) => runResult(run, byTrace.get(run.trace.trace_id) ?? []));
    const passed = runs.filter((run) => run.passed).length;
    const missed = runs.find((run) => !run.passed);
    return {
      id,
      passed,
      repeats: runs.length,
      isFlaky: passed > 0 && passed < runs.length,
      reason: missed === undefined ? null : reasonOf(missed),
      runs,
    };
  });
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function runResult({ repeat, trace, error }: EndedCaseRun, scores: readonly Scores[number][]): CaseRunResult {
  const judged = scores.filter(({ metadata }) => metadata["applicable"] !== false);
  const passed = error === null && judged.length > 0 && judged.every(hasPassed);
  return { repeat, traceId: trace.trace_id, passed, error, scores };
}

function hasPassed({ number, metadata }: Scores[number]): boolean {
  if (number === null) return false;
  const { success } = metadata;
  // A person's score may have no threshold.
  return typeof success === "boolean" ? success : number >= 0.5;
}

function reasonOf({ error, scores }: CaseRunResult): string {
  if (error !== null) return error;
  const missed = scores.find((score) => score.metadata["applicable"] !== false && !hasPassed(score));
  if (missed === undefined) return "Nothing was judged.";
  return `${missed.name} ${missed.value ?? "failed"}: ${missed.reason ?? "no reason given"}`;
}

/**
 * pass^k for k from 1 to the number of repeats: the probability that k runs of a case all pass, as a mean over the
 * cases (Yao et al., τ-bench, 2024).
 */
export function passPowers(cases: readonly CaseResult[], repeats: number): number[] {
  return Array.from({ length: repeats }, (_, i) => {
    const total = cases.reduce((sum, one) => sum + allPass(one, i + 1), 0);
    return total / cases.length;
  });
}

/** The share of all choices of k repeats in which all passed. */
function allPass({ passed, repeats }: CaseResult, k: number): number {
  let share = 1;
  for (let i = 0; i < k; i++) share *= Math.max(0, passed - i) / (repeats - i);
  return share;
}
