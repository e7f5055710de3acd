import type { MetricListItem } from "@pandaprobe/sdk/metrics";
import { useMetricList } from "../../data/metrics-client.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ChoiceFilter } from "../../ui/filters.tsx";
import { metricLabel } from "../../ui/format.ts";
import { Ago } from "../../ui/marks.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { Answered, Empty } from "../../ui/states.tsx";

/** All metrics that runs can evaluate, the project's own first. */
export function Metrics() {
  const { get } = useUrlState();
  const metrics = useMetricList();
  const target = get("target");
  return (
    <div class="page">
      <header class="page-head">
        <h1>Metrics</h1>
        <div class="actions">
          <ChoiceFilter
            name="target"
            label="All targets"
            options={[
              ["trace", "Traces"],
              ["session", "Sessions"],
            ]}
          />
          <a class="button primary" href={pagePath(["metrics", "-", "edit"])}>
            New metric
          </a>
        </div>
      </header>
      <Answered query={metrics}>
        {(all) => {
          const shown = all.filter(({ category }) => target === undefined || category === target);
          const own = shown.filter((metric) => !metric.built_in);
          return (
            <>
              {own.length === 0 ? (
                <Empty title="No metrics of your own yet">
                  <p>A checklist of questions, a scale, or a check that needs no judge.</p>
                </Empty>
              ) : (
                <MetricTable label="Metrics of your own" metrics={own} />
              )}
              <section class="block">
                <h2>Built-in</h2>
                <MetricTable label="Built-in metrics" metrics={shown.filter((metric) => metric.built_in)} />
              </section>
            </>
          );
        }}
      </Answered>
    </div>
  );
}

function MetricTable({ label, metrics }: { label: string; metrics: readonly MetricListItem[] }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <th>Metric</th>
          <th>Targets</th>
          <th>Kind</th>
          <th class="number">Version</th>
          <th class="number">Threshold</th>
          <th>Judge</th>
          <th class="number">Changed</th>
          <th>Description</th>
        </tr>
      </thead>
      <tbody>
        {metrics.map(
          ({ name, category, kind, version, default_threshold, model, updated_at, description }) => (
            <Row key={name}>
              <td class="name">
                <a href={pagePath(["metrics", name])}>{metricLabel(name)}</a>
              </td>
              <td>{category === "session" ? "Sessions" : "Traces"}</td>
              <td>{kind === null ? "Built-in" : metricLabel(kind)}</td>
              <td class="number">{version ?? "–"}</td>
              <td class="number">{default_threshold}</td>
              <td>{model ?? "–"}</td>
              <td class="number">
                <Ago time={updated_at} />
              </td>
              <td title={description}>{description}</td>
            </Row>
          ),
        )}
      </tbody>
    </Table>
  );
}
