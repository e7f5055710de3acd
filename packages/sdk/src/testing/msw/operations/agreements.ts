import type {
  ComputeAgreementRequest,
  contract,
  Disagreement,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import {
  agreementOfLabels,
  type DisagreementIds,
  defaultThresholdOf,
  isApplicable,
  type JudgeVerdict,
  type Label,
} from "@pandaprobe/contract/rules";
import { newestFirst } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { judgesVersion, type ScoreVersion, scoreNumber } from "../scores/judges-version.ts";
import { type Judged, type Project, traceScoresOf } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";

const mostReason = 500;

export const agreements: Handlers<typeof contract.agreements> = {
  computeAgreement({ body, project }) {
    const { metric, threshold = defaultThresholdOf(metric), split = null, seed } = body;
    const clusters = new Map(
      matchingTraces(project.traces.values(), body.filters ?? {}).map(({ fields }) => [
        fields.trace_id,
        fields.session_id ?? fields.trace_id,
      ]),
    );
    const scores = newestFirst(traceScoresOf(project)).filter(
      ({ name, trace_id }) => name === metric && clusters.has(trace_id),
    );
    const verdicts = new Map<string, JudgeVerdict>();
    const labels = new Map<string, Omit<Label, "judge">>();
    for (const score of scores.toReversed()) {
      const stored = project.traceScores.get(score.id);
      const judged = stored && judgesVersion(stored);
      if (judged !== undefined && isWanted(judged, body)) {
        const { metadata } = judged;
        const applicable = isApplicable(metadata);
        verdicts.set(score.trace_id, { scoreId: score.id, value: scoreNumber(score, judged), applicable });
      }
      if (score.source !== "ANNOTATION") continue;
      const selection = selectionOf(score, judged);
      labels.set(`${score.trace_id} ${selection} ${score.author_user_id ?? ""}`, {
        target: score.trace_id,
        cluster: clusters.get(score.trace_id) ?? score.trace_id,
        selection,
        scoreId: score.id,
        value: isApplicable(score.metadata) ? scoreNumber(score, score) : null,
      });
    }
    const judged = [...verdicts].flatMap(([traceId, { value, applicable }]) =>
      applicable && value !== null
        ? [{ cluster: clusters.get(traceId) ?? traceId, passed: Number(value >= threshold), judged: 1 }]
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
      { threshold, split, seed },
    );
    const disagreements = agreement.disagreements.map((ids) => describe(project, ids));
    return { metric, threshold, ...agreement, disagreements };
  },
};

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

function selectionOf(
  { metadata }: Judged<TraceScoreResponse>,
  judged: ScoreVersion | undefined,
): Label["selection"] {
  if (judged !== undefined) return "correction";
  return metadata["selection"] === "targeted" ? "targeted" : "random";
}

function describe(project: Project, { target, selection, judge, person }: DisagreementIds): Disagreement {
  const [judges, persons] = [project.traceScores.get(judge.scoreId), project.traceScores.get(person.scoreId)];
  const version = judges && judgesVersion(judges);
  const model = version?.metadata["model"];
  return {
    trace_id: target,
    session_id: project.traces.get(target)?.fields.session_id ?? null,
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
