import type { ComparedSide, ComparisonResponse } from "@pandaprobe/sdk/review";
import { useQuery } from "../../data/queries.ts";
import { api, review } from "../../data/session.ts";
import { useUrlState } from "../../data/url-state.ts";
import { ChoiceFilter, TextFilter } from "../../ui/filters.tsx";
import { metricLabel } from "../../ui/format.ts";
import { Answered, Empty } from "../../ui/states.tsx";
import { mostMetrics, sideParameters, useComparisonChoice, useOfferedMetrics } from "./comparison-choice.ts";
import { MetricResult, ownReach, verdictOrder } from "./metric-result.tsx";
import { SideFields } from "./side-fields.tsx";

const recentRuns = 50;

/** Whether one version scores worse than another, metric by metric and case by case. */
export function Compare() {
  const { get, set } = useUrlState();
  const { a, b } = useComparisonChoice();
  const runs = useQuery(["recent-runs"], (signal) => api().listTraceRuns({ limit: recentRuns }, { signal }));
  const ended = (runs.data?.items ?? []).filter(
    ({ status }) => status === "COMPLETED" || status === "FAILED",
  );
  const swap = () => {
    const swapped = sideParameters.flatMap((parameter) => [
      [`a${parameter}`, get(`b${parameter}`)],
      [`b${parameter}`, get(`a${parameter}`)],
    ]);
    set({ ...Object.fromEntries(swapped), case: undefined });
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Compare</h1>
        <button type="button" onClick={swap} disabled={a === null && b === null}>
          Swap the sides
        </button>
      </header>
      <div class="sides">
        <SideFields side="a" runs={ended} />
        <SideFields side="b" runs={ended} />
      </div>
      <div class="filters">
        <ChoiceFilter
          name="pair_by"
          label="Not paired"
          options={[
            ["metadata", "Pair by a key of the metadata"],
            ["input", "Pair by input"],
            ["trace_id", "Pair the same traces"],
          ]}
        />
        {get("pair_by") === "metadata" && <TextFilter name="pair_key" label="Key (case_id)" />}
        <ChoiceFilter
          name="prefer"
          label="Scores of judges and programs"
          options={[
            ["person", "People's scores first"],
            ["annotation", "Annotations first"],
          ]}
        />
      </div>
      {a === null || b === null ? (
        <Empty title="Choose what to compare">
          <p>
            Each side is a run, or the traces that match a release, tag, environment, user or dates. The page
            shows whether the scores got worse, or whether the difference may be chance.
          </p>
        </Empty>
      ) : (
        <Comparison a={a} b={b} />
      )}
    </div>
  );
}

function Comparison({ a, b }: { a: ComparedSide; b: ComparedSide }) {
  const { list } = useUrlState();
  const offered = useOfferedMetrics(a, b);
  return (
    <Answered query={offered}>
      {(names) => {
        const metrics = list("metrics") ?? names.slice(0, mostMetrics);
        return metrics.length === 0 ? (
          <Empty title="The sides share no metric">
            <p>
              <a href="/app/runs">Start a run</a> that evaluates both by the same metrics.
            </p>
          </Empty>
        ) : (
          <>
            <MetricChoice offered={names} chosen={metrics} />
            <Result a={a} b={b} metrics={metrics} />
          </>
        );
      }}
    </Answered>
  );
}

function MetricChoice({ offered, chosen }: { offered: readonly string[]; chosen: readonly string[] }) {
  const { set } = useUrlState();
  const names = [...new Set([...offered, ...chosen])];
  const toggle = (name: string) => {
    const next = names.filter((each) => (each === name) !== chosen.includes(each));
    set({ metrics: next.length === offered.length ? undefined : next.join(), case: undefined });
  };
  return (
    <fieldset class="metric-choice">
      <legend>Metrics</legend>
      {names.map((name) => {
        const isChosen = chosen.includes(name);
        return (
          <label key={name} class="check">
            <input
              type="checkbox"
              checked={isChosen}
              disabled={isChosen ? chosen.length === 1 : chosen.length >= mostMetrics}
              onChange={() => toggle(name)}
            />
            {metricLabel(name)}
          </label>
        );
      })}
    </fieldset>
  );
}

function Result({ a, b, metrics }: { a: ComparedSide; b: ComparedSide; metrics: readonly string[] }) {
  const { pair_by, prefer } = useComparisonChoice();
  const request = { a, b, metrics: [...metrics], pair_by, prefer };
  const comparison = useQuery(
    ["comparison", request],
    (signal) => review().compareScores(request, { signal }),
    {
      keepPrevious: true,
    },
  );
  return (
    <Answered query={comparison}>
      {(answer) => (
        <div class="comparison" aria-busy={comparison.isPlaceholderData}>
          <div role="status">
            <p class="sentence">{sentence(answer)}</p>
            <PairingHint pairBy={pair_by} answer={answer} />
          </div>
          {answer.metrics
            .toSorted((one, other) => verdictOrder(one.verdict) - verdictOrder(other.verdict))
            .map((metric) => (
              <MetricResult
                key={metric.metric}
                comparison={metric}
                reach={Math.max(ownReach(metric), commonReach(answer))}
              />
            ))}
        </div>
      )}
    </Answered>
  );
}

/** Metrics from 0 to 1 share a scale, so that their plots can be compared; others have scales of their own. */
function commonReach({ metrics }: ComparisonResponse): number {
  return Math.max(0, ...metrics.map(ownReach).filter((reach) => reach <= 1));
}

function sentence({ verdict, metrics }: ComparisonResponse): string {
  const count = (wanted: string) => metrics.filter((metric) => metric.verdict === wanted).length;
  const of = `of ${metrics.length} ${metrics.length === 1 ? "metric" : "metrics"}`;
  if (verdict === "not_enough") return "There are not enough scores to compare.";
  if (verdict === "no_significant_difference") return "No metric differs significantly.";
  const better = count("improved");
  if (verdict === "improved") return `${better} ${of} got better, and none worse.`;
  return `${count("regressed")} ${of} got worse${better > 0 ? `, and ${better} better` : ""}.`;
}

function PairingHint({ pairBy, answer }: { pairBy: string | undefined; answer: ComparisonResponse }) {
  if (pairBy === undefined)
    return (
      <p class="muted">
        Not paired. If both sides have the same cases, pair them: pairing detects much smaller differences,
        and shows which cases fell.
      </p>
    );
  if (answer.metrics.some(({ pair_count }) => pair_count !== 0)) return null;
  return <p class="muted">No trace has a counterpart by {pairBy}. Pair by something else, or not at all.</p>;
}
