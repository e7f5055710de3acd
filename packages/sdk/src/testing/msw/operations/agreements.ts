import type { ComputeAgreementRequest, contract, Disagreement } from "@pandaprobe/contract";
import {
  agreementOfLabels,
  type DisagreementIds,
  defaultThresholdOf,
  isApplicable,
  type JudgeVerdict,
  type Label,
  metricKindOf,
  unknownScoreName,
} from "@pandaprobe/contract/rules";
import { newestFirst } from "../lists.ts";
import { latestMetrics } from "../metrics/latest-metrics.ts";
import type { Handlers } from "../operation-handler.ts";
import { judgesVersion, type ScoreVersion, scoreNumber } from "../scores/judges-version.ts";
import type { AnyScore, Project } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";

const mostReason = 500;

export const agreements: Handlers<typeof contract.agreements> = {
  computeAgreement({ body, project }) {
    const { metric, threshold = defaultThresholdOf(metric), split = null, seed } = body;
    const ofTraces = body.target_type === "TRACE";
    checkName(project, body);
    const clusters = new Map(
      matchingTraces(project.traces.values(), body.filters ?? {}).flatMap(({ fields }) => {
        const cluster = fields.session_id ?? fields.trace_id;
        if (ofTraces) return [[fields.trace_id, cluster]];
        return fields.session_id === null ? [] : [[cluster, cluster]];
      }),
    );
    const stored = ofTraces ? project.traceScores : project.sessionScores;
    const all = [...stored.values()].map(({ score }): AnyScore => score);
    const scores = newestFirst(all).filter((score) => score.name === metric && clusters.has(targetOf(score)));
    const verdicts = new Map<string, JudgeVerdict>();
    const labels = new Map<string, Omit<Label, "judge">>();
    for (const score of scores.toReversed()) {
      const target = targetOf(score);
      const found = stored.get(score.id);
      const judged = found && judgesVersion(found);
      if (judged !== undefined && isWanted(judged, body)) {
        const { metadata } = judged;
        const applicable = isApplicable(metadata);
        verdicts.set(target, { scoreId: score.id, value: scoreNumber(score, judged), applicable });
      }
      if (score.source !== "ANNOTATION") continue;
      const selection = selectionOf(score, judged);
      labels.set(`${target} ${selection} ${score.author_user_id ?? ""}`, {
        target,
        cluster: clusters.get(target) ?? target,
        selection,
        scoreId: score.id,
        value: isApplicable(score.metadata) ? scoreNumber(score, score) : null,
      });
    }
    const judged = [...verdicts].flatMap(([target, { value, applicable }]) =>
      applicable && value !== null
        ? [{ cluster: clusters.get(target) ?? target, passed: Number(value >= threshold), judged: 1 }]
        : [],
    );
    const agreement = agreementOfLabels(
      {
        labels: [...labels.values()].map((label) => ({
          ...label,
          judge: verdicts.get(label.target) ?? null,
        })),
        judged,
      },
      { target_type: body.target_type, threshold, split, seed },
    );
    const disagreements = agreement.disagreements.map((ids) => describe(project, body.target_type, ids));
    return { metric, threshold, ...agreement, disagreements };
  },
};

/** @throws ProblemError `unknown_metric` */
function checkName(project: Project, { metric }: ComputeAgreementRequest): void {
  const names = latestMetrics(project).map(({ name }) => name);
  if (metricKindOf(metric) !== undefined || names.includes(metric)) return;
  const scores = [...project.traceScores.values(), ...project.sessionScores.values()];
  if (scores.every(({ score }) => score.name !== metric)) throw unknownScoreName("score", metric, names);
}

function isWanted(
  { source, metadata }: ScoreVersion,
  { judge, version }: Pick<ComputeAgreementRequest, "judge" | "version">,
): boolean {
  return (
    (judge?.source === undefined || source === judge.source) &&
    (judge?.model === undefined || metadata["model"] === judge.model) &&
    (version === undefined || metadata["metric_version"] === version)
  );
}

function selectionOf({ metadata }: AnyScore, judged: ScoreVersion | undefined): Label["selection"] {
  if (judged !== undefined) return "correction";
  return metadata["selection"] === "targeted" ? "targeted" : "random";
}

function targetOf(score: AnyScore): string {
  return "session_id" in score ? score.session_id : score.trace_id;
}

function describe(
  project: Project,
  targetType: ComputeAgreementRequest["target_type"],
  { target, selection, judge, person }: DisagreementIds,
): Disagreement {
  const ofTraces = targetType === "TRACE";
  const stored = ofTraces ? project.traceScores : project.sessionScores;
  const [judges, persons] = [stored.get(judge.scoreId), stored.get(person.scoreId)];
  const version = judges && judgesVersion(judges);
  const model = version?.metadata["model"];
  return {
    trace_id: ofTraces ? target : null,
    session_id: ofTraces ? (project.traces.get(target)?.fields.session_id ?? null) : target,
    selection,
    judge: {
      score_id: judge.scoreId,
      value: judge.value,
      reason: version?.reason?.slice(0, mostReason) ?? null,
      source: version?.source ?? "AUTOMATED",
      model: typeof model === "string" ? model : null,
    },
    person: {
      score_id: person.scoreId,
      value: person.value,
      reason: persons?.score.reason?.slice(0, mostReason) ?? null,
      author_user_id: persons?.score.author_user_id ?? null,
    },
  };
}
