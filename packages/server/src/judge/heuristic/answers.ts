import { readToolCalls } from "../../metrics/reading/tool-calls.ts";
import type { AnswerOf, GivenOf, StageName } from "../../metrics/registry.ts";
import { judgeArguments, summarizeVerdicts } from "./answers/argument-correctness.ts";
import { scoreConfidence } from "./answers/confidence.ts";
import { describeOutcome, findTask } from "./answers/extracts.ts";
import { findPlan } from "./answers/plan.ts";
import { scorePlanAdherence } from "./answers/plan-adherence.ts";
import { scorePlanQuality } from "./answers/plan-quality.ts";
import { scoreStepEfficiency } from "./answers/step-efficiency.ts";
import { scoreTaskCompletion } from "./answers/task-completion.ts";
import { scoreToolCorrectness } from "./answers/tool-correctness.ts";
import type { Evidence } from "./evidence/evidence.ts";

/** The heuristic's answer to each stage. A missing stage breaks the build. */
export type HeuristicAnswers = {
  readonly [Name in StageName]: (evidence: Evidence, given: GivenOf<Name>) => AnswerOf<Name>;
};

export const heuristicAnswers: HeuristicAnswers = {
  task: (evidence) => ({ task: findTask(evidence) }),
  plan: (evidence) => ({ plan: [...findPlan(evidence).steps] }),
  "task_completion.extract": (evidence) => ({ task: findTask(evidence), outcome: describeOutcome(evidence) }),
  "task_completion.score": scoreTaskCompletion,
  "tool_correctness.extract": ({ request, trace, tools }) => ({
    user_input: request,
    tools_called: (readToolCalls(trace) ?? []).map(({ name, parameters }) => ({
      name,
      parameters: JSON.stringify(parameters),
    })),
    available_tools: tools.map(({ name, description }) => ({ name, description })),
  }),
  "tool_correctness.score": scoreToolCorrectness,
  "argument_correctness.extract": ({ request, trace }) => ({
    user_input: request,
    tool_calls: (readToolCalls(trace) ?? []).map((call) => ({
      ...call,
      parameters: JSON.stringify(call.parameters),
    })),
  }),
  "argument_correctness.verdicts": (evidence, { tool_calls }) => judgeArguments(evidence, tool_calls),
  "argument_correctness.reason": (_evidence, { verdicts }) => ({ reason: summarizeVerdicts(verdicts) }),
  "step_efficiency.score": scoreStepEfficiency,
  "confidence.score": scoreConfidence,
  "plan_adherence.score": (evidence, { plan }) => scorePlanAdherence(evidence, plan),
  "plan_quality.score": (evidence, { plan }) => scorePlanQuality(evidence, plan),
};
