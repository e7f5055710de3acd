import type { SpanResponse } from "@pandaprobe/sdk";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatCount, formatCounted, formatDuration, formatMoney } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { foldedAtFirst, openRows, type SpanRow, spanRows, timeAxis } from "./span-tree.ts";

const rowHeight = 28;
/** How many rows scroll past before rows are redrawn, and how many are drawn above and below the visible ones. */
const block = 12;

/** The tree of spans, each with its place on the time axis. Only visible rows are drawn. */
export function SpanList({
  spans,
  selected,
  onSelect,
}: {
  spans: readonly SpanResponse[];
  selected: string | undefined;
  onSelect: (id: string) => void;
}) {
  const all = useMemo(() => spanRows(spans), [spans]);
  const axis = useMemo(() => timeAxis(spans), [spans]);
  const [folded, setFolded] = useState(() => foldedAtFirst(all));
  const [filter, setFilter] = useState("");
  const [kind, setKind] = useState("");
  const rows = useMemo(() => {
    const text = filter.toLowerCase();
    const isFiltered = text !== "" || kind !== "";
    return isFiltered
      ? all.filter(
          ({ span }) => span.name.toLowerCase().includes(text) && (kind === "" || span.kind === kind),
        )
      : openRows(all, folded);
  }, [all, folded, filter, kind]);
  const list = useRef<HTMLDivElement>(null);
  const [firstBlock, setFirstBlock] = useState(0);
  const [blockCount, setBlockCount] = useState(2);
  const first = Math.max(0, firstBlock - 1) * block;
  const shown = rows.slice(first, (firstBlock + blockCount + 1) * block);
  const at = useMemo(() => rows.findIndex(({ span }) => span.span_id === selected), [rows, selected]);
  const seeBlocks = ({ scrollTop, clientHeight }: HTMLElement) => {
    setFirstBlock(Math.floor(scrollTop / rowHeight / block));
    setBlockCount(Math.ceil(clientHeight / rowHeight / block) + 1);
  };
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    seeBlocks(element);
    if (at === -1) return;
    const top = at * rowHeight;
    if (top < element.scrollTop || top + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = Math.max(0, top - element.clientHeight / 2);
  }, [selected, rows]);
  useEffect(() => {
    // A step that a reason names may be in a folded part.
    if (selected !== undefined && at === -1 && all.some(({ span }) => span.span_id === selected))
      setFolded(new Set([...folded].filter((id) => !ancestorsOf(selected, spans).has(id))));
  }, [selected]);
  const toggle = (id: string) => {
    const next = new Set(folded);
    if (!next.delete(id)) next.add(id);
    setFolded(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const current = rows[at];
    if (step !== undefined)
      onSelect(rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.span.span_id ?? "");
    else if (event.key === "ArrowRight" && current !== undefined && folded.has(current.span.span_id))
      toggle(current.span.span_id);
    else if (event.key === "ArrowLeft" && current !== undefined && !folded.has(current.span.span_id))
      toggle(current.span.span_id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const kinds = useMemo(() => [...new Set(spans.map((span) => span.kind))].sort(), [spans]);
  return (
    <section class="spans" aria-label="Spans">
      <div class="filters">
        <input
          data-search
          type="search"
          aria-label="Filter spans by name"
          placeholder={`Filter ${formatCounted(spans.length, "span")}`}
          value={filter}
          onInput={({ currentTarget }) => setFilter(currentTarget.value)}
        />
        <select aria-label="Kind" value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value)}>
          <option value="">All kinds</option>
          {kinds.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </div>
      <div
        ref={list}
        class="span-list"
        role="tree"
        aria-label="Spans"
        tabIndex={0}
        aria-activedescendant={at >= first && at < first + shown.length ? `span-${at}` : undefined}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => seeBlocks(currentTarget)}
      >
        <div role="presentation" style={{ height: `${first * rowHeight}px` }} />
        {shown.map((row, index) => (
          <SpanLine
            key={row.span.span_id}
            row={row}
            id={`span-${first + index}`}
            axis={axis}
            isSelected={row.span.span_id === selected}
            isFolded={folded.has(row.span.span_id)}
            onSelect={onSelect}
            onToggle={toggle}
          />
        ))}
        <div
          role="presentation"
          style={{ height: `${Math.max(0, rows.length - first - shown.length) * rowHeight}px` }}
        />
      </div>
    </section>
  );
}

function SpanLine({
  row: { span, depth, step, childCount },
  id,
  axis,
  isSelected,
  isFolded,
  onSelect,
  onToggle,
}: {
  row: SpanRow;
  id: string;
  axis: { start: number; length: number };
  isSelected: boolean;
  isFolded: boolean;
  onSelect: (id: string) => void;
  onToggle: (id: string) => void;
}) {
  const left = ((Date.parse(span.started_at) - axis.start) / axis.length) * 100;
  const width = ((span.latency_ms ?? 0) / axis.length) * 100;
  const tokens = tokensOf(span);
  const cost = costOf(span);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its rows
    <div
      id={id}
      class={`span-row ${span.status === "ERROR" ? "span-error" : ""}`}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-selected={isSelected}
      aria-expanded={childCount > 0 ? !isFolded : undefined}
      onClick={() => onSelect(span.span_id)}
    >
      <span class="span-name" style={{ paddingLeft: `${Math.min(depth, 12) * 14}px` }}>
        <span
          class="span-fold"
          aria-hidden="true"
          onClick={(event) => {
            if (childCount === 0) return;
            event.stopPropagation();
            onToggle(span.span_id);
          }}
        >
          {childCount > 0 ? (isFolded ? "▸" : "▾") : ""}
        </span>
        <Icon name={span.kind} />
        <span class="span-step">{step}</span>
        <span class="span-text">{span.name}</span>
        {span.status === "ERROR" && <span class="status-error">▲</span>}
      </span>
      <span class="span-facts">
        {tokens > 0 && <span>{formatCount(tokens)} tok</span>}
        {cost > 0 && <span>{formatMoney(cost)}</span>}
        <span>{formatDuration(span.latency_ms)}</span>
      </span>
      <span class="span-time" aria-hidden="true">
        <span
          class={`span-bar kind-${span.kind.toLowerCase()}`}
          style={{ left: `${left}%`, width: `max(2px, ${width}%)` }}
        />
      </span>
    </div>
  );
}

/** As the server counts them: input and output, or otherwise the total. */
export function tokensOf({ token_usage: usage }: SpanResponse): number {
  const count = (...names: string[]) => {
    const found = names.map((name) => usage?.[name]).find((value) => typeof value === "number");
    return typeof found === "number" ? found : 0;
  };
  return (
    count("prompt_tokens", "input_tokens") + count("completion_tokens", "output_tokens") ||
    count("total_tokens")
  );
}

export function costOf({ cost }: SpanResponse): number {
  return cost?.["total"] ?? Object.values(cost ?? {}).reduce((sum, part) => sum + part, 0);
}

function ancestorsOf(id: string, spans: readonly SpanResponse[]): ReadonlySet<string> {
  const parents = new Map(spans.map((span) => [span.span_id, span.parent_span_id]));
  const found = new Set<string>();
  for (let at = parents.get(id); at != null && !found.has(at); at = parents.get(at)) found.add(at);
  return found;
}
