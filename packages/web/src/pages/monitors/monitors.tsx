import type { MonitorResponse } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso/router";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { useUrlState } from "../../data/url-state.ts";
import { ActionButton } from "../../ui/action.tsx";
import { metricLabel } from "../../ui/format.ts";
import { Ago, StatusMark } from "../../ui/marks.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Row, Table } from "../../ui/rows.tsx";
import { RunTable, runPath } from "../../ui/run-table.tsx";
import { Answered, Empty } from "../../ui/states.tsx";
import { MonitorForm } from "./monitor-form.tsx";

const pageSize = 50;

export function Monitors() {
  const { get, set, offset } = useUrlState();
  const page = useQuery(["monitors", offset], (signal) =>
    api().listMonitors({ limit: pageSize, offset }, { signal }),
  );
  const [edited, edit] = useState<MonitorResponse | "new" | null>(null);
  const shown = page.data?.items.find(({ id }) => id === get("monitor"));
  return (
    <div class="page">
      <header class="page-head">
        <h1>Monitors</h1>
        <div class="actions">
          <button type="button" class="primary" onClick={() => edit("new")}>
            New monitor
          </button>
        </div>
      </header>
      <Answered query={page}>
        {(loaded) =>
          loaded.items.length === 0 ? (
            <Empty title="No monitors yet">
              <p>A monitor evaluates new traces or sessions on a schedule.</p>
            </Empty>
          ) : (
            <>
              <Table label="Monitors">
                <thead>
                  <tr>
                    <th>Monitor</th>
                    <th>Status</th>
                    <th>Targets</th>
                    <th>Metrics</th>
                    <th>Cadence</th>
                    <th class="number">Next</th>
                    <th class="number">Last run</th>
                    <th>
                      <span class="visually-hidden">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {loaded.items.map((monitor) => (
                    <MonitorRow
                      key={monitor.id}
                      monitor={monitor}
                      isShown={monitor === shown}
                      onShow={() => set({ monitor: monitor === shown ? undefined : monitor.id })}
                      onEdit={() => edit(monitor)}
                    />
                  ))}
                </tbody>
              </Table>
              <Pager page={loaded} limit={pageSize} />
            </>
          )
        }
      </Answered>
      {shown !== undefined && <MonitorRuns key={shown.id} monitor={shown} />}
      {edited !== null && (
        <MonitorForm monitor={edited === "new" ? null : edited} onClose={() => edit(null)} />
      )}
    </div>
  );
}

function MonitorRow({
  monitor,
  isShown,
  onShow,
  onEdit,
}: {
  monitor: MonitorResponse;
  isShown: boolean;
  onShow: () => void;
  onEdit: () => void;
}) {
  const { route } = useLocation();
  const { id, status } = monitor;
  return (
    <Row isMarked={isShown}>
      <td class="name">
        <button type="button" class="plain" data-open aria-expanded={isShown} onClick={onShow}>
          {monitor.name}
        </button>
      </td>
      <td>
        <StatusMark status={status} />
      </td>
      <td>{monitor.target_type === "TRACE" ? "Traces" : "Sessions"}</td>
      <td title={monitor.metric_names.map(metricLabel).join(", ")}>{monitor.metric_names.length}</td>
      <td>{monitor.cadence.replace(/^cron:/, "")}</td>
      <td class="number">
        <Ago time={monitor.next_run_at} />
      </td>
      <td class="number">
        <Ago time={monitor.last_run_at} />
      </td>
      <td class="row-actions">
        <button type="button" onClick={onEdit}>
          Edit
        </button>
        <ActionButton
          act={async () => await (status === "ACTIVE" ? api().pauseMonitor(id) : api().resumeMonitor(id))}
        >
          {status === "ACTIVE" ? "Pause" : "Resume"}
        </ActionButton>
        <ActionButton act={async () => route(runPath(await api().triggerMonitor(id)))}>Run now</ActionButton>
        <ActionButton
          kind="danger"
          question="Delete it? Its runs stay."
          act={async () => await api().deleteMonitor(id)}
        >
          Delete
        </ActionButton>
      </td>
    </Row>
  );
}

function MonitorRuns({ monitor }: { monitor: MonitorResponse }) {
  const runs = useQuery(["monitor-runs", monitor.id], (signal) =>
    api().listMonitorRuns(monitor.id, { limit: 20 }, { signal }),
  );
  return (
    <section class="block" aria-label="Runs of the monitor">
      <h2>Runs of {monitor.name}</h2>
      <Answered query={runs}>
        {({ items }) =>
          items.length === 0 ? <p class="muted">It has not run yet.</p> : <RunTable runs={items} />
        }
      </Answered>
    </section>
  );
}
