import type { Span } from "../../../metrics/trace.ts";
import { spoken } from "../evidence/answer-text.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { planIn, planUnder } from "./plan-text.ts";

/** The plan and the place where it was made. */
export interface FoundPlan {
  readonly steps: readonly string[];
  /** How many spans had begun when it stood: what follows can carry it out. */
  readonly madeAt: number;
}

/**
 * The plan of the trace as it last stood before the agent first called a tool, else the first one after. The final
 * answer is no plan, whatever lists it holds.
 */
export function findPlan({ trace, answer }: Evidence): FoundPlan {
  const stated = planUnder(trace.metadata);
  if (stated.length > 0) return { steps: stated, madeAt: 0 };
  let plan: FoundPlan = { steps: [], madeAt: 0 };
  for (const [i, span] of trace.spans.entries()) {
    if (span.kind === "TOOL" && !/plan|todo/i.test(span.name)) {
      if (plan.steps.length > 0) return plan;
      continue;
    }
    const steps = isAnswer(span, answer) ? [] : planIn(span);
    if (steps.length > 0) plan = { steps, madeAt: i + 1 };
  }
  return plan;
}

function isAnswer(span: Span, answer: string): boolean {
  return answer !== "" && spoken(span.output) === answer;
}
