import type { MetricResult } from "@pandaprobe/contract/rules";
import type { ScoreQuestion, ScoreScope, ScoreScript, ScriptedScore } from "./score-script.ts";

/** The score of a script, or the reason of its failure. */
export type ScriptedResult = MetricResult | { readonly failed: string };

interface Rule {
  readonly metric: string;
  readonly answer: ScriptedScore | ((question: ScoreQuestion) => ScriptedScore);
  readonly scope: ScoreScope & { readonly reason?: string | undefined };
  left: number;
}

const unscripted = 0.9;

/** The scripted scores of a test. */
export class ScoreBook implements ScoreScript {
  #rules: Rule[] = [];

  set(
    metric: string,
    answer: ScriptedScore | ((question: ScoreQuestion) => ScriptedScore),
    scope: ScoreScope & { readonly reason?: string | undefined } = {},
  ): void {
    if (typeof answer !== "function") checkValue(metric, answer);
    this.#rules.push({ metric, answer, scope, left: scope.times ?? Number.POSITIVE_INFINITY });
  }

  fail(metric: string, reason: string, scope?: ScoreScope): void {
    this.set(metric, { failed: reason }, scope);
  }

  reset(): void {
    this.#rules = [];
  }

  /** Whether a script matches. */
  knows(question: ScoreQuestion): boolean {
    return this.#rule(question) !== undefined;
  }

  answer(question: ScoreQuestion): ScriptedResult {
    const rule = this.#rule(question);
    if (rule === undefined) {
      const reason = `Nothing is scripted for ${question.metric}: the mock server gives ${unscripted}.`;
      return { score: unscripted, reason, metadata: {} };
    }
    rule.left -= 1;
    try {
      const score = typeof rule.answer === "function" ? rule.answer(question) : rule.answer;
      if (score instanceof Promise) {
        // Handled, because an unhandled rejection would end the program.
        score.catch(() => {});
        throw new TypeError("a script must return a score, not a promise.");
      }
      checkValue(question.metric, score);
      if (typeof score === "object" && "failed" in score) return score;
      const reasonInScope = rule.scope.reason ?? "Scripted by the test.";
      if (typeof score === "object" && "notApplicable" in score) {
        const { notApplicable, reason = reasonInScope } = score;
        return { score: 1, reason, metadata: {}, notApplicable };
      }
      const { value, reason, metadata = {} } = typeof score === "number" ? { value: score } : score;
      return { score: value, reason: reason ?? reasonInScope, metadata };
    } catch (error) {
      // If it were thrown while a request is answered, the error would go unnoticed.
      return { failed: `The test's script for ${question.metric} threw: ${String(error)}` };
    }
  }

  #rule(question: ScoreQuestion): Rule | undefined {
    const fitting = this.#rules.filter((rule) => rule.left > 0 && fits(rule, question));
    return fitting.reduce<Rule | undefined>(
      (best, rule) => (best !== undefined && exactness(best) > exactness(rule) ? best : rule),
      undefined,
    );
  }
}

function fits({ metric, scope }: Rule, question: ScoreQuestion): boolean {
  if (metric !== "*" && metric !== question.metric) return false;
  if (scope.traceId !== undefined && scope.traceId.toLowerCase() !== question.trace?.trace_id) return false;
  return scope.sessionId === undefined || scope.sessionId === question.sessionId;
}

function exactness({ metric, scope }: Rule): number {
  return (
    (scope.traceId === undefined ? 0 : 4) + (scope.sessionId === undefined ? 0 : 2) + (metric === "*" ? 0 : 1)
  );
}

function checkValue(metric: string, score: ScriptedScore): void {
  if (typeof score === "object" && ("failed" in score || "notApplicable" in score)) return;
  const value = typeof score === "number" ? score : score.value;
  if (value >= 0 && value <= 1) return;
  throw new RangeError(
    `A score must be a number from 0 to 1, but the one scripted for ${metric} is ${value}.`,
  );
}
