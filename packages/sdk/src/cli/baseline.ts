import type { EvalRunResponse, PandaProbe, ScorePreference } from "@pandaprobe/sdk";
import type {
  ComparedSide,
  CompareScoresRequest,
  ComparisonResponse,
  PandaProbeReview,
} from "@pandaprobe/sdk/review";
import type { EvalOptions } from "./eval-options.ts";
import { readTraceFilters } from "./filters.ts";
import { idOf } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** The other side of the comparison. */
export interface Baseline {
  /** As on the command line. */
  readonly text: string;
  readonly side: ComparedSide;
  /** `null`: not paired. `undefined`: paired by the first of {@link usualPairings} that pairs anything. */
  readonly pairBy: string | null | undefined;
  /** Whose scores come before judges' ones. */
  readonly prefer: ScorePreference | undefined;
}

/** The run, compared with the baseline. */
export interface BaselineComparison extends ComparisonResponse {
  readonly baseline: string;
  /** `null`: not paired. */
  readonly pair_by: string | null;
}

/** Cases first: their traces are new in each version. */
const usualPairings = ["metadata.case_id", null] as const;

/** @throws UsageError for a baseline that cannot be used, or options that need one. */
export function readBaseline(
  { baseline, "pair-by": pairBy, sessions, session, estimate }: EvalOptions,
  prefer: ScorePreference | undefined,
): Baseline | undefined {
  if (baseline === undefined) {
    if (pairBy !== undefined) throw new UsageError("--pair-by says how to compare: add --baseline.");
    return undefined;
  }
  if (sessions === true || session !== undefined) {
    throw new UsageError("--baseline compares scores of traces: it cannot be combined with --sessions.");
  }
  if (estimate === true) throw new UsageError("--estimate creates no run, so there is nothing to compare.");
  return {
    text: baseline.join(", "),
    side: sideOf(baseline),
    pairBy: pairBy === undefined ? undefined : pairing(pairBy),
    prefer,
  };
}

function sideOf(given: readonly string[]): ComparedSide {
  const runs = given.filter((text) => /^\s*run\s*=/.test(text));
  if (runs.length === 0) {
    return {
      filters: readTraceFilters(
        given.map((text) => text.replace(/^\s*tag\s*=/, "tags=")),
        "baseline",
      ),
    };
  }
  if (given.length > 1) {
    throw new UsageError("--baseline run=<id> stands alone: remove the other --baseline.");
  }
  const [text = ""] = runs;
  return { run_id: idOf("baseline run", "an existing run", text.slice(text.indexOf("=") + 1)) };
}

function pairing(text: string): string | null {
  if (text === "none") return null;
  if (/^(?:trace_id|input|metadata\..+)$/s.test(text)) return text;
  throw new UsageError(
    `--pair-by must be metadata.<key>, such as metadata.case_id, or input, trace_id or none, not "${text}".`,
  );
}

/**
 * Checks whether the baseline's run can be compared, before the new run costs anything.
 *
 * @throws NotFoundError if there is no such run; UsageError if it has not ended.
 */
export async function checkBaseline(client: PandaProbe, { side }: Baseline): Promise<void> {
  if (side.run_id === undefined) return;
  const { id, status } = await client.getTraceRun(side.run_id);
  if (status === "PENDING" || status === "RUNNING") {
    throw new UsageError(`The run ${id} of --baseline is still ${status}. Wait until it has ended.`);
  }
}

export async function compareWithBaseline(
  review: PandaProbeReview,
  run: EvalRunResponse,
  { text, side, pairBy, prefer }: Baseline,
  signal: AbortSignal,
): Promise<BaselineComparison> {
  if (run.target_type === "SESSION") {
    throw new UsageError(`--baseline compares scores of traces, and run ${run.id} evaluated sessions.`);
  }
  const request: CompareScoresRequest = { a: side, b: { run_id: run.id }, metrics: run.metric_names };
  if (prefer !== undefined) request.prefer = prefer;
  for (const by of pairBy === undefined ? usualPairings : [pairBy]) {
    const body = by === null ? request : { ...request, pair_by: by };
    const compared = await review.compareScores(body, { signal });
    const isPaired = compared.metrics.some(({ pair_count }) => pair_count !== null && pair_count > 0);
    if (isPaired || by === null || by === pairBy) return { baseline: text, pair_by: by, ...compared };
  }
  throw new RangeError("The last of the usual pairings pairs nothing, and always has an answer.");
}

/** How the run was compared, such as `release=v41, paired by input`. */
export function comparedText({ baseline, pair_by }: BaselineComparison): string {
  return `${baseline}, ${pair_by === null ? "not paired" : `paired by ${pair_by}`}`;
}
