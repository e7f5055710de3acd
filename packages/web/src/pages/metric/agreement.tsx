import type { Agreement as Computed, Disagreement, LabelsLeftOut } from "@pandaprobe/sdk/review";
import { useQuery } from "../../data/queries.ts";
import { review } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { IntervalPlot } from "../../ui/charts/interval-plot.tsx";
import { ChoiceFilter, TextFilter } from "../../ui/filters.tsx";
import { formatCount, formatPercent } from "../../ui/format.ts";
import { ScoreMark } from "../../ui/marks.tsx";
import { newQueuePath } from "../../ui/new-queue-path.ts";
import { Row, Table } from "../../ui/rows.tsx";
import { Answered } from "../../ui/states.tsx";

const splits = ["dev", "test"] as const;

/** How far the judge agrees with people, and where it does not. */
export function Agreement({
  metric,
  kind,
  version,
}: {
  metric: string;
  kind: "trace" | "session";
  version: number | undefined;
}) {
  const { get } = useUrlState();
  const model = get("judge");
  const request = {
    metric,
    target_type: kind === "session" ? ("SESSION" as const) : ("TRACE" as const),
    version,
    split: splits.find((each) => each === get("split")),
    ...(model === undefined ? {} : { judge: { model } }),
  };
  const agreement = useQuery(["agreement", request], (signal) =>
    review().computeAgreement(request, { signal }),
  );
  return (
    <section class="block" aria-label="Agreement">
      <div class="block-head">
        <h2>Is my judge right?</h2>
        <a class="button" href={newQueuePath([metric], request.target_type)}>
          Have people score 50
        </a>
      </div>
      <div class="filters">
        <TextFilter name="judge" label="Any judge" />
        <ChoiceFilter
          name="split"
          label="All sessions"
          options={[
            ["dev", "The half to improve it on"],
            ["test", "The half to test it on"],
          ]}
        />
      </div>
      <Answered query={agreement}>{(found) => <Found agreement={found} kind={kind} />}</Answered>
    </section>
  );
}

function Found({ agreement, kind }: { agreement: Computed; kind: "trace" | "session" }) {
  const { n, kappa, kappa_ci, not_enough, disagreements, disagreement_count } = agreement;
  if (n === 0 && disagreement_count === 0)
    return (
      <p class="muted">
        No {kind} has a score by a person and one by the judge. Have people score some that are drawn at
        random.
      </p>
    );
  return (
    <>
      <p>
        People and the judge scored {formatCount(n)} {kind}s drawn at random; {agreement.threshold} or more
        passes.
      </p>
      <div class="metric-figures">
        <div class="block">
          {kappa !== null && kappa_ci !== null && (
            <IntervalPlot
              name="κ"
              value={kappa}
              low={kappa_ci.low}
              high={kappa_ci.high}
              ends={["opposite", "perfect"]}
              reach={1}
            />
          )}
          {n > 0 && <ConfusionTable agreement={agreement} />}
        </div>
        <Figures agreement={agreement} />
      </div>
      {not_enough.length > 0 && (
        <ul class="muted">
          {not_enough.map((why) => (
            <li key={why}>{why}</li>
          ))}
        </ul>
      )}
      <LeftOut leftOut={agreement.left_out} />
      {disagreements.length > 0 && (
        <>
          <h3>
            {disagreement_count > disagreements.length
              ? `The ${disagreements.length} surest of ${formatCount(disagreement_count)} disagreements`
              : `Disagreements: ${disagreement_count}`}
          </h3>
          <Disagreements rows={disagreements} />
        </>
      )}
    </>
  );
}

function ConfusionTable({ agreement: { confusion } }: { agreement: Computed }) {
  const rows = [
    ["Judge passes", confusion.tp, confusion.fp],
    ["Judge fails", confusion.fn, confusion.tn],
  ] as const;
  return (
    <Table label="Who passes what">
      <thead>
        <tr>
          <td />
          <th class="number">People pass</th>
          <th class="number">People fail</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, passed, failed]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td class="number">{formatCount(passed)}</td>
            <td class="number">{formatCount(failed)}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Figures({ agreement }: { agreement: Computed }) {
  const { kappa, kappa_ci, alpha, tpr, tnr, auc, brier, pass_rate } = agreement;
  const { judge, judged_count, corrected, ci } = pass_rate;
  const number = (value: number | null) => value?.toFixed(2) ?? null;
  const percent = (value: number | null) => (value === null ? null : formatPercent(value));
  const range = (interval: Computed["kappa_ci"], format: (value: number) => string) =>
    interval === null ? "" : ` (${format(interval.low)} to ${format(interval.high)})`;
  const figures: readonly (readonly [string, string | null, string])[] = [
    [
      "Cohen’s κ",
      kappa === null ? null : `${kappa.toFixed(2)}${range(kappa_ci, (value) => value.toFixed(2))}`,
      "1 is perfect agreement, 0 is chance",
    ],
    ["Good ones passed", percent(tpr), "Of those that people pass"],
    ["Bad ones failed", percent(tnr), "Of those that people fail"],
    ["AUC", number(auc), "How often a good one gets a higher value than a bad one; 0.5 is chance"],
    ["Brier", number(brier), "Mean squared distance from people’s verdict; 0 is best"],
    ["α between people", number(alpha), "Krippendorff’s α, where several people scored the same one"],
    ["Judge’s pass rate", percent(judge), `Of all ${formatCount(judged_count)} that it scored`],
    [
      "Corrected pass rate",
      corrected === null ? null : `${formatPercent(corrected)}${range(ci, formatPercent)}`,
      "What people would find if they had scored all",
    ],
  ];
  return (
    <dl class="figures">
      {figures.map(([label, value, title]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd title={title}>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

function LeftOut({ leftOut }: { leftOut: LabelsLeftOut }) {
  const counts: readonly (readonly [number, string])[] = [
    [leftOut.targeted, "picked for a reason"],
    [leftOut.corrections, "corrections"],
    [leftOut.ties, "ties between people"],
    [leftOut.without_judge, "that no judge scored"],
    [leftOut.without_value, "without a number"],
    [leftOut.not_applicable, "with nothing to judge"],
  ];
  const found = counts.filter(([count]) => count > 0).map(([count, why]) => `${formatCount(count)} ${why}`);
  return found.length === 0 ? null : <p class="muted">Left out of all figures: {found.join(", ")}.</p>;
}

function Disagreements({ rows }: { rows: readonly Disagreement[] }) {
  return (
    <Table label="Disagreements">
      <thead>
        <tr>
          <th>Target</th>
          <th class="number">Judge</th>
          <th>Its reason</th>
          <th class="number">Person</th>
          <th>Their reason</th>
          <th>Chosen</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ trace_id, session_id, judge, person, selection }) => (
          <Row key={`${judge.score_id} ${person.score_id}`}>
            <td class="name">
              <a
                data-open
                href={pagePath(trace_id === null ? ["sessions", session_id ?? ""] : ["traces", trace_id])}
              >
                {trace_id?.slice(-12) ?? session_id}
              </a>
            </td>
            <td class="number">
              <ScoreMark value={judge.value} />
            </td>
            <td class="cell-reason" title={judge.reason ?? ""}>
              {judge.reason}
            </td>
            <td class="number">
              <ScoreMark value={person.value} />
            </td>
            <td class="cell-reason" title={person.reason ?? ""}>
              {person.reason ?? person.author_user_id}
            </td>
            <td>{selection === "correction" ? "corrected" : selection}</td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
