import type { EvalRunResponse } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { useUrlState } from "../../data/url-state.ts";
import { ChoiceFilter } from "../../ui/filters.tsx";
import { Pager } from "../../ui/pager.tsx";
import { RunForm, type TargetKind } from "../../ui/run-form.tsx";
import { RunTable } from "../../ui/run-table.tsx";
import { Answered, Empty } from "../../ui/states.tsx";

const pageSize = 50;
const statuses = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;
/** Between two looks while a run of the list goes on, in milliseconds. */
const busyMs = 1000;

export function Runs() {
  const { get, set } = useUrlState();
  const kind: TargetKind = get("kind") === "session" ? "session" : "trace";
  const query = {
    limit: pageSize,
    offset: Math.max(0, Number.parseInt(get("offset") ?? "0", 10) || 0),
    status: statuses.find((each) => each === get("status")),
  };
  const [isBusy, setBusy] = useState(false);
  const page = useQuery(
    ["runs", kind, query],
    async (signal) => {
      const found = await (kind === "trace"
        ? api().listTraceRuns(query, { signal })
        : api().listSessionRuns(query, { signal }));
      setBusy(found.items.some(isOpen));
      return found;
    },
    { every: isBusy && busyMs, keepPrevious: true },
  );
  const [isCreating, setCreating] = useState(false);
  return (
    <div class="page">
      <header class="page-head">
        <h1>Runs</h1>
        <div class="actions">
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            New run
          </button>
        </div>
      </header>
      <div class="filters">
        <div class="tabs" role="tablist" aria-label="Targets">
          {(["trace", "session"] as const).map((each) => (
            <button
              key={each}
              type="button"
              role="tab"
              aria-selected={kind === each}
              onClick={() => set({ kind: each === "trace" ? undefined : each, offset: undefined })}
            >
              {each === "trace" ? "Traces" : "Sessions"}
            </button>
          ))}
        </div>
        <ChoiceFilter
          name="status"
          label="Any status"
          options={statuses.map((each) => [each, each.toLowerCase()])}
        />
      </div>
      <Answered query={page}>
        {({ items, total, offset }) =>
          items.length === 0 ? (
            <Empty title="No runs yet">
              <p>A run evaluates {kind}s by the metrics that you choose.</p>
              <button type="button" onClick={() => setCreating(true)}>
                New run
              </button>
            </Empty>
          ) : (
            <>
              <RunTable runs={items} />
              <Pager offset={offset} shown={items.length} total={total} limit={pageSize} />
            </>
          )
        }
      </Answered>
      {isCreating && <RunForm targets={{ kind, filters: {} }} onClose={() => setCreating(false)} />}
    </div>
  );
}

function isOpen({ status }: EvalRunResponse): boolean {
  return status === "PENDING" || status === "RUNNING";
}
