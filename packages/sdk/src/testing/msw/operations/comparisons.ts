import type {
  ComparedSide,
  CompareScoresRequest,
  contract,
  Regression,
  TraceScoreResponse,
} from "@pandaprobe/contract";
import {
  checkComparedRun,
  comparisonOfScores,
  hasPassed,
  isApplicable,
  notFound,
  type Pairing,
  pairingOf,
  type RegressedIds,
  type RegressionIds,
  type SideScore,
  shownCaseChars,
  shownReasonChars,
  unknownScoreName,
  withVerdicts,
} from "@pandaprobe/contract/rules";
import { sorted } from "../lists.ts";
import { latestMetrics } from "../metrics/latest-metrics.ts";
import type { Handlers } from "../operation-handler.ts";
import { judgesVersion, type ScoreVersion, scoreNumber } from "../scores/judges-version.ts";
import { isPreferred } from "../scores/preferred-scores.ts";
import type { Judged, Project, StoredScore, TraceFields } from "../state/project.ts";
import { matchingTraces } from "../traces/matching-traces.ts";

export const comparisons: Handlers<typeof contract.comparisons> = {
  compareScores({ body, project }) {
    checkSides(project, body);
    const { a, b, metrics, prefer, seed } = body;
    const pairing = pairingOf(body.pair_by);
    const isPaired = pairing !== null;
    const compared = withVerdicts(
      metrics.map((metric) => {
        const scoresOf = (side: ComparedSide) => sideScores(project, side, { metric, prefer, pairing });
        const scores = { a: scoresOf(a), b: scoresOf(b) };
        return { metric, ...comparisonOfScores(scores, { isPaired, seed }) };
      }),
    );
    return {
      ...compared,
      metrics: compared.metrics.map((metric) => ({
        ...metric,
        regressions: metric.regressions.map((one) => describe(project, one, { pairing, prefer })),
      })),
    };
  },
};

function checkSides(project: Project, { a, b, metrics }: CompareScoresRequest): void {
  for (const { run_id: id } of [a, b]) {
    if (id === undefined) continue;
    const run = project.runs.get(id);
    if (run?.type !== "TRACE") throw notFound("trace run", id);
    checkComparedRun(run.response, metrics);
  }
  if (a.filters === undefined && b.filters === undefined) return;
  const names = new Set([...project.traceScores.values()].map(({ score }) => score.name));
  const unknown = metrics.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw unknownScoreName(
      "trace score",
      unknown,
      latestMetrics(project).map(({ name }) => name),
    );
  }
}

interface SideOptions {
  readonly metric: string;
  readonly prefer: CompareScoresRequest["prefer"];
  readonly pairing: Pairing | null;
}

type Stored = StoredScore<Judged<TraceScoreResponse>>;

/** A score that counts for its trace unless there is a later one. */
interface Given {
  readonly stored: Stored;
  readonly version: ScoreVersion;
  /** A preferred one comes before others. */
  readonly rank: number;
  readonly givenAt: string;
}

/** The newest score of each trace; with `prefer`, people's scores come first. */
function sideScores(project: Project, { run_id, filters }: ComparedSide, options: SideOptions): SideScore[] {
  const targets = new Map(
    matchingTraces(project.traces.values(), filters ?? {}).map(({ fields }) => [fields.trace_id, fields]),
  );
  const named = [...project.traceScores.values()].filter(({ score }) => score.name === options.metric);
  const isOfRun = ({ score }: Stored) => run_id === undefined || score.eval_run_id === run_id;
  const ofRun = new Set(named.filter(isOfRun).map(({ score }) => score.trace_id));
  const given = named.flatMap((stored): Given[] => {
    const { score } = stored;
    if (!targets.has(score.trace_id)) return [];
    const version = judgesVersion(stored);
    const { prefer } = options;
    const isWord = prefer !== undefined && ofRun.has(score.trace_id) && isPreferred(project, score, prefer);
    return [
      ...(version !== undefined && isOfRun(stored)
        ? [{ stored, version, rank: 0, givenAt: score.created_at }]
        : []),
      ...(isWord ? [{ stored, version: score, rank: 1, givenAt: score.updated_at }] : []),
    ];
  });
  const chosen = new Map(
    sorted(given, ({ stored, rank, givenAt }) => [rank, givenAt, stored.score.id], "asc").map((one) => [
      one.stored.score.trace_id,
      one,
    ]),
  );
  return [...chosen].flatMap(([traceId, { stored, version }]): SideScore[] => {
    const trace = targets.get(traceId);
    if (trace === undefined) return [];
    const value = scoreNumber(stored.score, version);
    const isTrue = stored.score.data_type === "BOOLEAN" && value !== null ? value === 1 : null;
    return [
      {
        id: stored.score.id,
        key: keyOf(trace, options.pairing),
        cluster: trace.session_id ?? traceId,
        value,
        passed: hasPassed(version) ?? isTrue,
        applicable: isApplicable(version.metadata),
      },
    ];
  });
}

function keyOf(trace: TraceFields, pairing: Pairing | null): string | null {
  if (pairing === "trace_id") return trace.trace_id;
  if (pairing === "input") return trace.input === null ? null : JSON.stringify(trace.input);
  return pairing === null ? null : caseOf(trace, pairing.metadataKey);
}

function caseOf({ metadata }: TraceFields, key: string): string | null {
  const value = Object.hasOwn(metadata, key) ? metadata[key] : null;
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : null;
}

type Shown = Pick<SideOptions, "prefer" | "pairing">;

function describe(project: Project, { difference, a, b }: RegressionIds, options: Shown): Regression {
  return {
    case: shownCase(project, b, options.pairing),
    difference,
    a: describeSide(project, a, options),
    b: describeSide(project, b, options),
  };
}

function describeSide(project: Project, ids: RegressedIds, { prefer }: Shown): Regression["a"] {
  const stored = project.traceScores.get(ids.score_id);
  const said = prefer === undefined && stored !== undefined ? judgesVersion(stored) : stored?.score;
  const traceId = stored?.score.trace_id ?? "";
  return {
    ...ids,
    trace_id: traceId,
    session_id: project.traces.get(traceId)?.fields.session_id ?? null,
    reason: said?.reason?.slice(0, shownReasonChars) ?? null,
  };
}

function shownCase(project: Project, { score_id: id }: RegressedIds, pairing: Pairing | null): string | null {
  const trace = project.traces.get(project.traceScores.get(id)?.score.trace_id ?? "")?.fields;
  if (trace === undefined || pairing === null || pairing === "input") return null;
  return keyOf(trace, pairing)?.slice(0, shownCaseChars) ?? null;
}
