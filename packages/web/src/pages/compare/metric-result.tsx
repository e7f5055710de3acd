import type { ComparisonVerdict, MetricComparison, SideFigures } from "@pandaprobe/sdk/review";
import { pagePath } from "../../data/url-state.ts";
import { IntervalPlot } from "../../ui/charts/interval-plot.tsx";
import { formatCount, formatPercent, formatSigned, metricLabel } from "../../ui/format.ts";
import { type SideName, sideLabels } from "./comparison-choice.ts";
import { RegressedCase } from "./regressed-case.tsx";

/** Worst first. Each has a shape, so that color is not the only difference. */
const verdicts: Readonly<Record<ComparisonVerdict, readonly [string, string]>> = {
  regressed: ["▼", "Worse"],
  improved: ["▲", "Better"],
  no_significant_difference: ["●", "No significant difference"],
  not_enough: ["○", "Not enough"],
};

export function verdictOrder(verdict: ComparisonVerdict): number {
  return Object.keys(verdicts).indexOf(verdict);
}

/** How far from 0 a plot of this metric must reach. */
export function ownReach({ difference, ci, detectable_difference }: MetricComparison): number {
  return Math.max(...[difference, ci?.low, ci?.high, detectable_difference].map((x) => Math.abs(x ?? 0)));
}

export function MetricResult({ comparison, reach }: { comparison: MetricComparison; reach: number }) {
  const { metric, verdict, summary, difference, ci, regressions, losses } = comparison;
  const [shape, words] = verdicts[verdict];
  return (
    <section class="block metric-result" aria-label={metricLabel(metric)}>
      <div class="block-head">
        <h2>
          <a href={pagePath(["scores"], { metric })}>{metricLabel(metric)}</a>
        </h2>
        <span class={`verdict verdict-${verdict}`}>
          <span aria-hidden="true">{shape}</span> {words}
        </span>
      </div>
      <p>{summary}</p>
      <div class="metric-figures">
        {difference !== null && ci !== null && (
          <IntervalPlot
            name="Difference"
            value={difference}
            low={ci.low}
            high={ci.high}
            band={comparison.detectable_difference}
            reach={reach}
            ends={["worse", "better"]}
          />
        )}
        <Figures comparison={comparison} />
      </div>
      <LeftOut comparison={comparison} />
      {regressions.length > 0 && (
        <>
          <h3>
            {losses !== null && losses > regressions.length
              ? `The ${regressions.length} worst of ${formatCount(losses)} cases that fell`
              : `Cases that fell: ${regressions.length}`}
          </h3>
          <ol class="cases">
            {regressions.map((regression) => (
              <RegressedCase key={regression.b.score_id} regression={regression} />
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function Figures({ comparison }: { comparison: MetricComparison }) {
  const { a, b, difference, ci, p_value, p_adjusted, mcnemar_p, wins, losses, ties } = comparison;
  const { pair_count, session_count, detectable_difference } = comparison;
  const sessions = `${formatCount(session_count)} ${session_count === 1 ? "session" : "sessions"}`;
  const figures: readonly (readonly [string, string | null, string?])[] = [
    ["Mean", both(a.mean, b.mean, (mean) => mean.toFixed(3))],
    ["Difference", difference === null ? null : formatSigned(difference), String(difference)],
    ["95 % interval", ci === null ? null : `${formatSigned(ci.low)} to ${formatSigned(ci.high)}`],
    ["p, adjusted", pText(p_adjusted), `${p_value} before the adjustment`],
    ["Pass", both(a.pass_rate, b.pass_rate, formatPercent)],
    ["p, pass or fail", pText(mcnemar_p)],
    ["Cases", wins === null ? null : `${losses} worse, ${wins} better, ${ties} the same`],
    [
      "Compared",
      pair_count === null
        ? `${formatCount(a.score_count)} and ${formatCount(b.score_count)} scores, ${sessions}`
        : `${formatCount(pair_count)} ${pair_count === 1 ? "pair" : "pairs"}, ${sessions}`,
    ],
    ["Detectable", detectable_difference?.toFixed(3) ?? null, "Found in 80 % of such comparisons"],
  ];
  return (
    <dl class="figures">
      {figures.map(([label, value, title]) =>
        value === null ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd title={title}>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function both(a: number | null, b: number | null, format: (value: number) => string): string | null {
  if (a === null && b === null) return null;
  return [a, b].map((value) => (value === null ? "none" : format(value))).join(" → ");
}

function pText(p: number | null): string | null {
  if (p === null) return null;
  return p < 0.001 ? "< 0.001" : p.toPrecision(2);
}

/** The scores of each side that no figure includes, and why. */
function LeftOut({ comparison }: { comparison: MetricComparison }) {
  const parts = (["a", "b"] as const).flatMap((side) => leftOutOf(side, comparison[side]));
  return parts.length === 0 ? null : <p class="muted">Left out: {parts.join("; ")}.</p>;
}

function leftOutOf(side: SideName, figures: SideFigures): string[] {
  const counts: readonly (readonly [number, string])[] = [
    [figures.unpaired_count, "without a counterpart"],
    [figures.not_applicable_count, "with nothing to judge"],
    [figures.without_value_count, "without a number"],
  ];
  const found = counts.filter(([count]) => count > 0).map(([count, why]) => `${formatCount(count)} ${why}`);
  return found.length === 0 ? [] : [`${sideLabels[side].toLowerCase()}, ${found.join(", ")}`];
}
