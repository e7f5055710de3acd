import type { EvalRunResponse } from "@pandaprobe/contract";
import {
  asksQuestions,
  combineRepeats,
  combineVotes,
  defaultThresholdOf,
  describeOwnMetric,
  failedMetadata,
  findSessionMetric,
  isComputedMetric,
  type ScoreResult,
  scoreResult,
} from "@pandaprobe/contract/rules";
import type { ScriptedResult } from "../scores/score-book.ts";
import type { Project, Run, StoredTrace } from "../state/project.ts";
import { sessionContent, traceContent } from "../traces/trace-content.ts";
import type { World } from "../world.ts";

/** The outcome of a target's metric or of a trace's signal. */
export interface Outcome {
  readonly status: "SUCCESS" | "FAILED";
  readonly value: string | null;
  readonly reason: string;
  readonly metadata: Record<string, unknown>;
}

/** What the outcome of an item depends on. */
export type Judging = Pick<Run, "type" | "thresholds" | "own" | "others"> & {
  readonly response: Pick<EvalRunResponse, "model" | "repeats" | "judges" | "aggregate">;
};

export function outcomeOf(run: Judging, metric: string, result: ScriptedResult): Outcome {
  const context = scoreContext(run, metric);
  if (!("failed" in result)) return success(run, metric, scoreResult(metric, result, context));
  return { status: "FAILED", value: null, reason: result.failed, metadata: failedMetadata(context) };
}

/** The outcome of an item, in which all judges of the run, in every repeat, give the same score. */
export function success(run: Judging, metric: string, score: ScoreResult): Outcome {
  const { value, reason, metadata } = isComputed(run, metric) ? score : judgedAlike(run, metric, score);
  return { status: "SUCCESS", value, reason, metadata: { ...metadata } };
}

function isComputed({ own }: Judging, metric: string): boolean {
  const definition = own.get(metric)?.definition;
  return definition === undefined ? isComputedMetric(metric) : !asksQuestions(definition);
}

function judgedAlike(run: Judging, metric: string, score: ScoreResult): ScoreResult {
  const { repeats, judges, aggregate } = run.response;
  const { threshold } = scoreContext(run, metric);
  const ofOne =
    repeats === 1
      ? score
      : combineRepeats(
          Array.from({ length: repeats }, () => ({ score })),
          threshold,
        );
  if (judges === null || aggregate === null) return ofOne;
  const isSignal = run.type === "SESSION" && !run.own.has(metric) && findSessionMetric(metric) === undefined;
  return combineVotes(
    judges.map((model) => ({ model, judgement: { score: ofOne } })),
    { aggregate: isSignal ? "mean" : aggregate, threshold },
  );
}

export function scoreContext({ thresholds, own, others, response }: Judging, metric: string) {
  const definition = own.get(metric);
  const threshold =
    definition === undefined ? defaultThresholdOf(metric) : describeOwnMetric(definition).defaultThreshold;
  const asks = definition === undefined || asksQuestions(definition.definition);
  const model = asks ? (others.get(metric) ?? response.model) : null;
  return { threshold: thresholds[metric] ?? threshold, model, version: definition?.version };
}

/** Where the scores of a run are stored, and their time. */
export interface ScoreScope {
  readonly world: World;
  readonly project: Project;
  readonly run: Run;
  readonly at: string;
}

export function storeTraceScore(
  scope: ScoreScope,
  trace: StoredTrace,
  metric: string,
  outcome: Outcome,
): void {
  const { trace_id, environment } = trace.fields;
  const content = traceContent(trace);
  const score = { ...newScore(scope, metric, outcome), trace_id, environment, config_id: null, content };
  scope.project.traceScores.set(score.id, { score, revisions: [] });
}

export function storeSessionScore(
  scope: ScoreScope,
  sessionId: string,
  metric: string,
  outcome: Outcome,
): void {
  const content = sessionContent(scope.project, sessionId);
  const score = { ...newScore(scope, metric, outcome), session_id: sessionId, content };
  scope.project.sessionScores.set(score.id, { score, revisions: [] });
}

function newScore({ world, project, run, at }: ScoreScope, metric: string, outcome: Outcome) {
  return {
    id: world.ids.next(),
    project_id: project.id,
    name: metric,
    data_type: "NUMERIC" as const,
    ...outcome,
    source: "AUTOMATED" as const,
    eval_run_id: run.response.id,
    author_user_id: null,
    judged: null,
    corrected: false,
    created_at: at,
    updated_at: at,
  };
}
