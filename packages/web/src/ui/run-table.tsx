import type { EvalRunResponse } from "@pandaprobe/sdk";
import { pagePath } from "../data/url-state.ts";
import { formatCount, formatCounted, formatDuration, formatMoney, metricLabel } from "./format.ts";
import { Ago, StatusMark } from "./marks.tsx";
import { Row, Table } from "./rows.tsx";

/** @param selection the selected runs, and the function that changes the selection, if runs can be selected */
export function RunTable({
  runs,
  selection,
}: {
  runs: readonly EvalRunResponse[];
  selection?: { readonly ids: readonly string[]; readonly toggle: (id: string) => void } | undefined;
}) {
  return (
    <Table label="Runs">
      <thead>
        <tr>
          {selection !== undefined && (
            <th class="box">
              <span class="visually-hidden">Select</span>
            </th>
          )}
          <th>Run</th>
          <th>Status</th>
          <th>Metrics</th>
          <th>Judge</th>
          <th class="number">Evaluated</th>
          <th class="number">Failed</th>
          <th class="number">Cost</th>
          <th class="number">Took</th>
          <th class="number">Created</th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} isMarked={selection?.ids.includes(run.id) === true}>
            {selection !== undefined && (
              <td class="box">
                <input
                  type="checkbox"
                  aria-label={`Select ${runName(run)}`}
                  checked={selection.ids.includes(run.id)}
                  onChange={() => selection.toggle(run.id)}
                />
              </td>
            )}
            <td class="name">
              <a data-open href={runPath(run)}>
                {runName(run)}
              </a>
            </td>
            <td>
              <StatusMark status={run.status} />
            </td>
            <td title={run.metric_names.map(metricLabel).join(", ")}>
              {run.metric_names.length === 1
                ? metricLabel(run.metric_names[0] ?? "")
                : `${run.metric_names.length} metrics`}
            </td>
            <td>{judgeText(run)}</td>
            <td class="number">
              {formatCount(run.evaluated_count)} of {formatCount(run.total_targets)}
            </td>
            <td class="number">{run.failed_count > 0 ? formatCount(run.failed_count) : "–"}</td>
            <td class="number">{formatMoney(run.usage.cost_usd)}</td>
            <td class="number">
              {run.completed_at === null
                ? "–"
                : formatDuration(Date.parse(run.completed_at) - Date.parse(run.created_at))}
            </td>
            <td class="number">
              <Ago time={run.created_at} />
            </td>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

export function runName({ name, target_type, total_targets }: EvalRunResponse): string {
  return name ?? formatCounted(total_targets, target_type.toLowerCase());
}

/** The judge or the jury of a run, and how often it judges. */
export function judgeText({ model, judges, aggregate, repeats }: EvalRunResponse): string {
  const who = judges === null ? (model ?? "") : `${aggregate} of ${judges.join(", ")}`;
  return repeats > 1 ? `${who}, ${repeats} times` : who;
}

export function runPath({ id, target_type }: EvalRunResponse): string {
  return pagePath(["runs", target_type.toLowerCase(), id]);
}
