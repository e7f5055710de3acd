import type { ComparedSide, CompareScoresRequest } from "@pandaprobe/sdk/review";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { useRangeStart, useUrlState } from "../../data/url-state.ts";

export type SideName = "a" | "b";

export const sideLabels: Readonly<Record<SideName, string>> = { a: "Baseline", b: "Compared with it" };

/** The parameters of a side in the URL, each after the side's name: a run's id, or filters. */
export const sideParameters = [
  "",
  "_by",
  "_release",
  "_tags",
  "_environment",
  "_user_id",
  "_date_from",
  "_date_to",
] as const;

/** A request compares at most this many metrics. */
export const mostMetrics = 20;
const defaultPairKey = "case_id";

/** The comparison in the URL; `null` for a side that is not chosen yet. */
export function useComparisonChoice() {
  const { get, list } = useUrlState();
  const rangeStart = useRangeStart();
  const sideOf = (side: SideName): ComparedSide | null => {
    const run_id = get(side);
    if (run_id !== undefined) return { run_id };
    if (!sideParameters.slice(2).some((parameter) => get(`${side}${parameter}`))) return null;
    const filters = {
      release: get(`${side}_release`),
      tags: list(`${side}_tags`),
      environment: get(`${side}_environment`),
      user_id: get(`${side}_user_id`),
      date_from: get(`${side}_date_from`) ?? rangeStart,
      date_to: get(`${side}_date_to`),
    };
    return { filters };
  };
  const prefer = (["person", "annotation"] as const).find((each) => each === get("prefer"));
  return { a: sideOf("a"), b: sideOf("b"), pair_by: pairByOf(get("pair_by"), get("pair_key")), prefer };
}

function pairByOf(by: string | undefined, key: string | undefined): CompareScoresRequest["pair_by"] {
  if (by === "metadata") return `metadata.${key ?? defaultPairKey}`;
  return by;
}

/** The metrics that both sides may have: those that their runs share, or all of the project. */
export function useOfferedMetrics(a: ComparedSide | null, b: ComparedSide | null) {
  const runIds = [a?.run_id, b?.run_id].filter((id) => id !== undefined);
  return useQuery(["comparable-metrics", runIds], async (signal) => {
    if (runIds.length === 0) {
      const rows = await api().getTraceScoreSummary({}, { signal });
      return rows.map(({ metric_name }) => metric_name);
    }
    const runs = await Promise.all(runIds.map((id) => api().getTraceRun(id, { signal })));
    const [first, ...others] = runs.map(({ metric_names }) => metric_names);
    return (first ?? []).filter((name) => others.every((names) => names.includes(name)));
  });
}
