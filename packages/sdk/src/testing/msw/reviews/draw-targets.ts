import type { CreateReviewQueueRequest, ReviewedMetric } from "@pandaprobe/contract";
import { isApplicable, type JuryReport, type RepeatsReport, SeededRandom } from "@pandaprobe/contract/rules";
import { groupedBy, sorted } from "../lists.ts";
import { judgesVersion, scoreNumber } from "../scores/judges-version.ts";
import type { AnyScore, Project, StoredScore } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";

type Drawn = Pick<CreateReviewQueueRequest, "target_type" | "from" | "order" | "size">;

/** The ids of the traces or sessions of a new queue, in its order. */
export function drawTargets(
  project: Project,
  { target_type, from, order, size }: Drawn,
  metrics: readonly ReviewedMetric[],
  seed: number,
): string[] {
  const matching = matchingTraces(project.traces.values(), from.filters ?? {});
  const ofRun = from.run_id === undefined ? undefined : project.runs.get(from.run_id);
  const evaluated = ofRun && new Set(ofRun.targets.map(({ id }) => id));
  const ids = matching
    .map(({ fields }) => (target_type === "TRACE" ? fields.trace_id : fields.session_id))
    .filter((id) => id !== null)
    .filter((id) => evaluated === undefined || evaluated.has(id));
  const drawn = shuffled([...new Set(ids)].sort(), seed);
  if (order === "random") return drawn.slice(0, size);
  const ranks = ranksOf(project, target_type, metrics, order);
  return sorted(
    drawn.filter((id) => ranks.has(id)),
    (id) => [ranks.get(id) ?? null],
    "desc",
  ).slice(0, size);
}

/** The Fisher-Yates shuffle. */
function shuffled(ids: string[], seed: number): string[] {
  const random = new SeededRandom(seed);
  for (let last = ids.length - 1; last > 0; last -= 1) {
    const other = random.index(last + 1);
    const [one, two] = [ids[last], ids[other]];
    if (one === undefined || two === undefined) throw new RangeError("A draw is within the list.");
    [ids[last], ids[other]] = [two, one];
  }
  return ids;
}

/** A rank for each target that judges scored: the highest comes first. */
function ranksOf(
  project: Project,
  type: Drawn["target_type"],
  metrics: readonly ReviewedMetric[],
  order: "disagreement" | "uncertainty",
): ReadonlyMap<string, number> {
  const ranks = new Map<string, number>();
  const stored: readonly StoredScore<AnyScore>[] = [
    ...(type === "TRACE" ? project.traceScores : project.sessionScores).values(),
  ];
  for (const { name, threshold } of metrics) {
    const ofMetric = stored.filter(({ score }) => score.name === name);
    const byTarget = groupedBy(ofMetric, ({ score }) =>
      "session_id" in score ? score.session_id : score.trace_id,
    );
    for (const [target, scores] of byTarget) {
      const verdicts = newestOfEachJudge(scores);
      const rank = order === "disagreement" ? spread(verdicts) : nearness(verdicts, threshold);
      if (rank === null) continue;
      ranks.set(target, Math.max(rank, ranks.get(target) ?? Number.NEGATIVE_INFINITY));
    }
  }
  return ranks;
}

interface Verdict {
  readonly value: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

function newestOfEachJudge(scores: readonly StoredScore<AnyScore>[]): Verdict[] {
  const newest = new Map<string, Verdict | null>();
  for (const stored of sorted(scores, ({ score }) => [score.created_at, score.id])) {
    const judged = judgesVersion(stored);
    if (judged === undefined) continue;
    const { source, metadata } = judged;
    const value = scoreNumber(stored.score, judged);
    // Only runs write votes and repeats; programs may send anything under these names.
    const found = { value: value ?? 0, metadata: source === "AUTOMATED" ? metadata : {} };
    const isValue = value !== null && isApplicable(metadata);
    newest.set(`${source} ${String(metadata["model"] ?? "")}`, isValue ? found : null);
  }
  return [...newest.values()].filter((verdict) => verdict !== null);
}

/** How far apart the values of judges, a jury's votes and repeats are. */
function spread(verdicts: readonly Verdict[]): number | null {
  const values = verdicts.flatMap(({ value, metadata }) => {
    const votes = (metadata["votes"] ?? []) as JuryReport["votes"];
    const repeats = (metadata["repeats"] as RepeatsReport | undefined)?.values ?? [];
    return [
      value,
      ...votes.filter(({ applicable }) => applicable).map((vote) => vote.value),
      ...repeats.filter((repeat) => repeat !== null),
    ];
  });
  return values.length > 1 ? Math.max(...values) - Math.min(...values) : null;
}

/** How near a value is to the threshold, minus the standard deviation of its repeats. */
function nearness(verdicts: readonly Verdict[], threshold: number | null): number | null {
  if (threshold === null || verdicts.length === 0) return null;
  const near = verdicts.map(({ value, metadata }) => {
    const repeats = metadata["repeats"] as RepeatsReport | undefined;
    return (repeats?.standard_deviation ?? 0) - Math.abs(value - threshold);
  });
  return Math.max(...near);
}
