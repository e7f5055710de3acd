import type { ScoreJudgement, TraceScoreResponse } from "@pandaprobe/contract";
import { asksQuestions, isComputedMetric, whoJudged } from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";

/** Who judged a score. Scores are scripted, so there are no questions. */
export function scoreJudgement(
  project: Project,
  score: TraceScoreResponse,
  chosen: { readonly model?: string | undefined; readonly repeat: number },
): ScoreJudgement {
  const run = project.runs.get(score.eval_run_id ?? "");
  if (run === undefined) return whoJudged(score, undefined, chosen);
  const { judges, model, repeats } = run.response;
  const definition = run.own.get(score.name)?.definition;
  const other = run.others.get(score.name);
  const judgedBy = {
    judges: other === undefined ? (judges ?? [model ?? ""]) : [other],
    repeats,
    asks: definition === undefined ? !isComputedMetric(score.name) : asksQuestions(definition),
  };
  return whoJudged(score, judgedBy, chosen);
}
