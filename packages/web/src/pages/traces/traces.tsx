import type { ListTracesQuery, TraceListItem, TraceStatus } from "@pandaprobe/sdk";
import { useState } from "preact/hooks";
import { latestTraceScores } from "../../data/latest-scores.ts";
import { useQuery } from "../../data/queries.ts";
import { api } from "../../data/session.ts";
import { pagePath, useRangeStart, useUrlState } from "../../data/url-state.ts";
import { CursorPager, pageSize, useCursor, useTotal } from "../../ui/cursor-pager.tsx";
import { ChoiceFilter, SortHead, TextFilter, useSort } from "../../ui/filters.tsx";
import { formatCount } from "../../ui/format.ts";
import { Row, Table } from "../../ui/rows.tsx";
import { RunForm, type RunTargets } from "../../ui/run-form.tsx";
import { Answered, Empty } from "../../ui/states.tsx";
import { columns, shownAtFirst } from "./columns.tsx";
import { Selection } from "./selection.tsx";

/** The pause between two polls of the live tail, in milliseconds. */
const tailMs = 1000;
const statuses = ["PENDING", "RUNNING", "COMPLETED", "ERROR"] as const;

export function Traces() {
  const { get, set } = useUrlState();
  const filters = useTraceFilters();
  const query = {
    ...filters,
    ...useSort(["started_at", "latency", "status", "name"]),
    ...useCursor(),
    limit: pageSize,
  };
  const isLive = get("live") === "1";
  const page = useQuery(["traces", query], (signal) => api().listTraces(query, { signal }), {
    every: isLive && tailMs,
    keepPrevious: true,
  });
  const total = useTotal(["traces", filters], (signal) =>
    api().listTraces({ ...filters, limit: 1 }, { signal }),
  );
  const [evaluated, evaluate] = useState<RunTargets | null>(null);
  return (
    <div class="page">
      <header class="page-head">
        <h1>
          Traces <span class="count">{total !== undefined && formatCount(total)}</span>
        </h1>
        <div class="actions">
          <button type="button" aria-pressed={isLive} onClick={() => set({ live: isLive ? undefined : "1" })}>
            {isLive ? "◐ Live" : "Live"}
          </button>
          <button
            type="button"
            class="primary"
            onClick={() => evaluate({ kind: "trace", filters: filtersOf(filters) })}
          >
            Evaluate
          </button>
        </div>
      </header>
      <div class="filters">
        <TextFilter name="name" label="Name" isSearch />
        <ChoiceFilter
          name="status"
          label="Any status"
          options={statuses.map((each) => [each, each.toLowerCase()])}
        />
        <TextFilter name="session_id" label="Session" />
        <TextFilter name="user_id" label="User" />
        <TextFilter name="tags" label="Tag" />
        <TextFilter name="release" label="Release" />
        <TextFilter name="environment" label="Environment" />
        <ColumnChoice />
      </div>
      <Answered query={page}>
        {({ items, next_cursor }) =>
          items.length === 0 ? (
            <Empty title="No traces match">
              <p>
                <a href="/app/traces">Clear the filters</a>, or <a href="/app">see how to send traces</a>.
              </p>
            </Empty>
          ) : (
            <>
              <TraceTable items={items} onEvaluate={(ids) => evaluate({ kind: "trace", ids })} />
              <CursorPager
                shown={items.length}
                next={next_cursor}
                total={total}
                since={filters.started_after}
              />
            </>
          )
        }
      </Answered>
      {evaluated !== null && <RunForm targets={evaluated} onClose={() => evaluate(null)} />}
    </div>
  );
}

function useTraceFilters() {
  const { get, list } = useUrlState();
  const status: TraceStatus | undefined = statuses.find((each) => each === get("status"));
  return {
    name: get("name"),
    status,
    session_id: get("session_id"),
    user_id: get("user_id"),
    tags: list("tags"),
    release: get("release"),
    environment: get("environment"),
    started_after: useRangeStart(),
  } satisfies ListTracesQuery;
}

/** A list's filters in the form of a run's. */
function filtersOf({ started_after, ...same }: ReturnType<typeof useTraceFilters>) {
  return { ...same, date_from: started_after };
}

function TraceTable({
  items,
  onEvaluate,
}: {
  items: readonly TraceListItem[];
  onEvaluate: (ids: string[]) => void;
}) {
  const { list } = useUrlState();
  const names = list("columns") ?? shownAtFirst;
  const shown = columns.filter(({ name }) => names.includes(name));
  const [selected, select] = useState<ReadonlySet<string>>(new Set());
  const here = items.map(({ trace_id }) => trace_id);
  const chosen = here.filter((id) => selected.has(id));
  const scores = useQuery(["page-scores", here], (signal) => latestTraceScores(here, signal), {
    when: names.includes("scores"),
    keepPrevious: true,
  });
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    select(next);
  };
  return (
    <>
      {chosen.length > 0 && (
        <Selection ids={chosen} onEvaluate={() => onEvaluate(chosen)} onDone={() => select(new Set())} />
      )}
      <Table label="Traces">
        <thead>
          <tr>
            <th class="box">
              <input
                type="checkbox"
                aria-label="Select all on this page"
                checked={chosen.length === here.length}
                onChange={() => select(chosen.length === here.length ? new Set() : new Set(here))}
              />
            </th>
            <SortHead by="name" label="Name" />
            {shown.map(({ name, label, sortBy, isNumber = false }) =>
              sortBy === undefined ? (
                <th key={name} class={isNumber ? "number" : ""}>
                  {label}
                </th>
              ) : (
                <SortHead key={name} by={sortBy} label={label} isNumber={isNumber} />
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {items.map((trace) => (
            <Row key={trace.trace_id} isMarked={selected.has(trace.trace_id)}>
              <td class="box">
                <input
                  type="checkbox"
                  aria-label={`Select ${trace.name}`}
                  checked={selected.has(trace.trace_id)}
                  onChange={() => toggle(trace.trace_id)}
                />
              </td>
              <td class="name">
                <a data-open href={pagePath(["traces", trace.trace_id])}>
                  {trace.name}
                </a>
              </td>
              {shown.map(({ name, isNumber, cell }) => (
                <td key={name} class={isNumber ? "number" : `cell-${name}`}>
                  {cell(trace, scores.data?.get(trace.trace_id) ?? [])}
                </td>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function ColumnChoice() {
  const { list, set } = useUrlState();
  const names = list("columns") ?? shownAtFirst;
  const toggle = (name: string) => {
    const next = columns.map((each) => each.name).filter((each) => (each === name) !== names.includes(each));
    const isFirst = next.join() === shownAtFirst.join();
    set({ columns: isFirst ? undefined : next.join() || "none" });
  };
  return (
    <details class="columns">
      <summary>Columns</summary>
      <div class="popup">
        {columns.map(({ name, label }) => (
          <label key={name} class="check">
            <input type="checkbox" checked={names.includes(name)} onChange={() => toggle(name)} />
            {label}
          </label>
        ))}
      </div>
    </details>
  );
}
