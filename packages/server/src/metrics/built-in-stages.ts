import {
  argumentCorrectnessExtract,
  argumentCorrectnessReason,
  argumentCorrectnessVerdicts,
} from "./argument-correctness.ts";
import { confidenceScore } from "./confidence.ts";
import { planAdherenceScore } from "./plan-adherence.ts";
import { planQualityScore } from "./plan-quality.ts";
import { planStage, taskStage } from "./shared-stages.ts";
import type { Stage } from "./stage.ts";
import { stepEfficiencyScore } from "./step-efficiency.ts";
import { taskCompletionExtract, taskCompletionScore } from "./task-completion.ts";
import { toolCorrectnessExtract, toolCorrectnessScore } from "./tool-correctness.ts";

/** Every stage of the built-in metrics, once each. The heuristic judge has an answer to each of them. */
export const builtInStages = [
  taskStage,
  planStage,
  taskCompletionExtract,
  taskCompletionScore,
  toolCorrectnessExtract,
  toolCorrectnessScore,
  argumentCorrectnessExtract,
  argumentCorrectnessVerdicts,
  argumentCorrectnessReason,
  stepEfficiencyScore,
  confidenceScore,
  planAdherenceScore,
  planQualityScore,
] as const;

type BuiltInStage = (typeof builtInStages)[number];

export type StageName = BuiltInStage["name"];

type StageNamed<Name extends StageName> = Extract<BuiltInStage, { readonly name: Name }>;

/** What the stage with this name is given. */
export type GivenOf<Name extends StageName> = StageNamed<Name>["placeholder"];

/** The answer of the stage with this name. */
export type AnswerOf<Name extends StageName> =
  StageNamed<Name> extends Stage<infer _Given, infer Answer> ? Answer : never;
