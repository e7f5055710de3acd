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
import { type Judged, type Project, type StoredScore, traceScoresOf } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";

/** What a score says, or said before it was changed. */
type Version = Pick<TraceScoreResponse, "value" | "status" | "source" | "reason" | "metadata">;

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
        verdicts.set(score.trace_id, { scoreId: score.id, value: numberOf(score, judged), applicable });
      }
      if (score.source !== "ANNOTATION") continue;
      const selection = selectionOf(score, judged);
      labels.set(`${score.trace_id} ${selection} ${score.author_user_id ?? ""}`, {
        target: score.trace_id,
        cluster: clusters.get(score.trace_id) ?? score.trace_id,
        selection,
        scoreId: score.id,
        value: isApplicable(score.metadata) ? numberOf(score, score) : null,
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

/** The score as a judge gave it, even if a person changed it since. */
function judgesVersion({ score, revisions }: StoredScore<Judged<TraceScoreResponse>>): Version | undefined {
  return score.source === "ANNOTATION" ? revisions.findLast(({ source }) => source !== "ANNOTATION") : score;
}

function isWanted(
  { source, metadata }: Version,
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
  judged: Version | undefined,
): Label["selection"] {
  if (judged !== undefined) return "correction";
  return metadata["selection"] === "targeted" ? "targeted" : "random";
}

function numberOf(
  { data_type: type }: Judged<TraceScoreResponse>,
  { status, value }: Version,
): number | null {
  if (status !== "SUCCESS" || value === null || type === "CATEGORICAL") return null;
  return type === "NUMERIC" ? Number(value) : Number(value === "true");
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
