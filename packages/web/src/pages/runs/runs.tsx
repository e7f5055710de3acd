import type { EvalRunResponse } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useUrlState } from "../../data/url-state.ts";
import { ChoiceFilter } from "../../ui/filters.tsx";
import { Pager } from "../../ui/pager.tsx";
import { RunForm } from "../../ui/run-form.tsx";
import { RunTable } from "../../ui/run-table.tsx";
import { Answered, Empty } from "../../ui/states.tsx";
import { TargetTabs, useTargetKind } from "../../ui/target-tabs.tsx";

const pageSize = 50;
const statuses = ["PENDING", "RUNNING", "COMPLETED", "FAILED"] as const;
/** The pause between two polls while a run in the list is in progress, in milliseconds. */
const busyMs = 1000;

export function Runs() {
  const { get, offset } = useUrlState();
  const kind = useTargetKind();
  const query = {
    limit: pageSize,
    offset,
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
        <TargetTabs kind={kind} />
        <ChoiceFilter
          name="status"
          label="Any status"
          options={statuses.map((each) => [each, each.toLowerCase()])}
        />
      </div>
      <Answered query={page}>
        {(loaded) =>
          loaded.items.length === 0 ? (
            <Empty title="No runs yet">
              <p>A run evaluates {kind}s by the metrics that you choose.</p>
              <button type="button" onClick={() => setCreating(true)}>
                New run
              </button>
            </Empty>
          ) : (
            <>
              {kind === "trace" ? <ComparableRuns runs={loaded.items} /> : <RunTable runs={loaded.items} />}
              <Pager page={loaded} limit={pageSize} />
            </>
          )
        }
      </Answered>
      {isCreating && <RunForm targets={{ kind, filters: {} }} onClose={() => setCreating(false)} />}
    </div>
  );
}

/** A list of runs. Two can be selected and compared: the older one is the baseline. */
function ComparableRuns({ runs }: { runs: readonly EvalRunResponse[] }) {
  const [selected, select] = useState<readonly string[]>([]);
  const chosen = runs
    .filter(({ id }) => selected.includes(id))
    .toSorted((one, other) => one.created_at.localeCompare(other.created_at));
  const toggle = (id: string) =>
    select(selected.includes(id) ? selected.filter((each) => each !== id) : [...selected, id]);
  return (
    <>
      {chosen.length > 0 && (
        <section class="selection" aria-label="Selected runs">
          <strong>{chosen.length} selected</strong>
          <CompareLink runs={chosen} />
          <button type="button" class="plain" onClick={() => select([])}>
            Clear
          </button>
        </section>
      )}
      <RunTable runs={runs} selection={{ ids: selected, toggle }} />
    </>
  );
}

function CompareLink({ runs }: { runs: readonly EvalRunResponse[] }) {
  const [a, b, third] = runs;
  if (a === undefined || b === undefined || third !== undefined)
    return <span>Select two to compare them.</span>;
  if (isOpen(a) || isOpen(b)) return <span>Both must have ended before they can be compared.</span>;
  return (
    <a class="button primary" href={pagePath(["compare"], { a: a.id, b: b.id })}>
      Compare
    </a>
  );
}

function isOpen({ status }: EvalRunResponse): boolean {
  return status === "PENDING" || status === "RUNNING";
}
