import type { MetricResponse } from "@pandaprobe/sdk/metrics";
import { useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso/router";
import { metricsClient } from "../../data/metrics-client.ts";
import { useQuery } from "../../data/queries.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ActionButton } from "../../ui/action.tsx";
import { metricLabel } from "../../ui/format.ts";
import { Ago } from "../../ui/marks.tsx";
import { Answered } from "../../ui/states.tsx";
import { Agreement } from "./agreement.tsx";
import { DefinitionView } from "./definition-view.tsx";
import { Trial } from "./trial.tsx";

const versionsShown = 20;

/** A metric: its questions, its versions, and its results for a few traces. */
export function Metric() {
  const { params } = useRoute();
  const name = params["name"] ?? "";
  const metric = useQuery(["metric", name], (signal) => metricsClient().getMetric(name, { signal }));
  return (
    <div class="page">
      <Answered query={metric}>{(shown) => <MetricView metric={shown} />}</Answered>
    </div>
  );
}

function MetricView({ metric }: { metric: MetricResponse }) {
  const { name, definition, description, category } = metric;
  const { route } = useLocation();
  const { get } = useUrlState();
  const [isTrying, setTrying] = useState(false);
  const version = Number(get("version") ?? metric.version);
  const kind = category === "session" ? "session" : "trace";
  const isCurrent = version === metric.version || definition === null;
  const canTry = definition !== null || category === "trace";
  return (
    <>
      <header class="page-head">
        <h1>{metricLabel(name)}</h1>
        <div class="actions">
          {canTry && (
            <button type="button" class={isTrying ? "" : "primary"} onClick={() => setTrying(!isTrying)}>
              {isTrying ? "Close the trial" : "Try it"}
            </button>
          )}
          {definition !== null && (
            <>
              <a class="button" href={pagePath(["metrics", "-", "edit"], { name })}>
                Edit
              </a>
              <ActionButton
                kind="danger"
                question="Delete it? Its scores stay, and monitors that use it stop."
                act={async () => {
                  await metricsClient().deleteMetric(name);
                  route(pagePath(["metrics"]));
                }}
              >
                Delete
              </ActionButton>
            </>
          )}
        </div>
      </header>
      <p>{description}</p>
      <dl class="facts facts-line">
        <Fact label="Name">{name}</Fact>
        <Fact label="Targets">{category === "session" ? "Sessions" : "Traces"}</Fact>
        <Fact label="Kind">{metric.kind === null ? "Built-in" : metricLabel(metric.kind)}</Fact>
        <Fact label="Threshold">{String(metric.default_threshold)}</Fact>
        <Fact label="Judge">{metric.model ?? "that of the run"}</Fact>
        {metric.version !== null && <Fact label="Version">{String(version)}</Fact>}
      </dl>
      {isTrying && (
        <Trial key={version} name={name} kind={kind} sent={() => (isCurrent ? {} : { version })} />
      )}
      {definition !== null && <Versions metric={metric} shown={version} />}
      <Agreement metric={name} kind={kind} version={isCurrent ? undefined : version} />
    </>
  );
}

function Fact({ label, children }: { label: string; children: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The definition of one version, and links to the others. */
function Versions({ metric, shown }: { metric: MetricResponse; shown: number }) {
  const versions = useQuery(["metric-versions", metric.name, metric.version], (signal) =>
    metricsClient().listMetricVersions(metric.name, { limit: versionsShown }, { signal }),
  );
  return (
    <Answered query={versions}>
      {({ items, total }) => (
        <div class="halves">
          <section class="block" aria-label="Versions">
            <h2>Versions</h2>
            <ol class="versions">
              {items.map(({ version, created_at }) => (
                <li key={version} data-row tabIndex={-1}>
                  <a
                    href={pagePath(["metrics", metric.name], { version: String(version) })}
                    aria-current={version === shown ? "true" : undefined}
                  >
                    Version {version}
                  </a>{" "}
                  <Ago time={created_at} />
                </li>
              ))}
            </ol>
            {total > items.length && <p class="muted">And {total - items.length} older ones.</p>}
          </section>
          <section class="block" aria-label={`Version ${shown}`}>
            <h2>
              What version {shown}{" "}
              {metric.model === null && metric.kind !== "checklist" && metric.kind !== "scale"
                ? "checks"
                : "asks"}
            </h2>
            <Definition items={items} version={shown} />
          </section>
        </div>
      )}
    </Answered>
  );
}

function Definition({
  items,
  version,
}: {
  items: readonly {
    readonly version: number;
    readonly definition: NonNullable<MetricResponse["definition"]>;
  }[];
  version: number;
}) {
  const found = items.find((each) => each.version === version);
  if (found === undefined) return <p class="muted">This version is no longer stored.</p>;
  return <DefinitionView definition={found.definition} />;
}
