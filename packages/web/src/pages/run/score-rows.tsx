import { pagePath } from "../../data/url-state.ts";
import { formatCount, metricLabel } from "../../ui/format.ts";
import { ScoreCells, scoreNumber } from "../../ui/marks.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { bucketOf, type RunScore, targetOf } from "./run-scores.ts";

const shownRows = 100;

/** The lowest scores first, with their reasons; only those of one metric and bucket if a bar was chosen. */
export function ScoreRows({
  scores,
  metric,
  bucket,
  onClear,
}: {
  scores: readonly RunScore[];
  metric: string | undefined;
  bucket: string | undefined;
  onClear: () => void;
}) {
  const rank = (score: RunScore) => (score.status === "FAILED" ? -1 : (scoreNumber(score) ?? 2));
  const shown = scores
    .filter((score) => metric === undefined || score.name === metric)
    .filter((score) => {
      const number = scoreNumber(score);
      return bucket === undefined || (number !== null && bucketOf(number) + 1 === Number(bucket));
    })
    .toSorted((a, b) => rank(a) - rank(b));
  return (
    <section class="block">
      <h2>
        {metric === undefined ? "Lowest scores" : metricLabel(metric)}{" "}
        {metric !== undefined && (
          <button type="button" onClick={onClear}>
            Show all metrics
          </button>
        )}
      </h2>
      <Table label="Scores">
        <thead>
          <tr>
            <th class="number">Score</th>
            <th>Metric</th>
            <th>Reason</th>
            <th>Target</th>
          </tr>
        </thead>
        <tbody>
          {shown.slice(0, shownRows).map((score) => (
            <Row key={score.id}>
              <ScoreCells score={score} />
              <td>
                <a data-open href={pagePath(["trace_id" in score ? "traces" : "sessions", targetOf(score)])}>
                  {"trace_id" in score ? score.trace_id.slice(-12) : score.session_id}
                </a>
              </td>
            </Row>
          ))}
        </tbody>
      </Table>
      {shown.length > shownRows && (
        <p class="muted">
          {formatCount(shown.length - shownRows)} more. <a href="/app/scores">Find them under Scores.</a>
        </p>
      )}
    </section>
  );
}
