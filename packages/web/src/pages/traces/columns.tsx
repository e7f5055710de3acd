import type { TraceListItem, TraceScoreResponse } from "@pandaprobe/sdk";
import type { ComponentChildren } from "preact";
import { pagePath } from "../../data/url-state.ts";
import { formatCost, formatCount, formatDuration } from "../../ui/format.ts";
import { Ago, ScoreChip, StatusMark, scoreNumber } from "../../ui/marks.tsx";

export interface Column {
  readonly name: string;
  readonly label: string;
  /** The sort orders of the API. */
  readonly sortBy?: string;
  readonly isNumber?: boolean;
  readonly cell: (trace: TraceListItem, scores: readonly TraceScoreResponse[]) => ComponentChildren;
}

/** Further chips are only counted. */
const shownChips = 3;

export const columns: readonly Column[] = [
  { name: "status", label: "Status", sortBy: "status", cell: ({ status }) => <StatusMark status={status} /> },
  { name: "scores", label: "Lowest scores", cell: (_trace, scores) => <LowestScores scores={scores} /> },
  {
    name: "session",
    label: "Session",
    cell: ({ session_id: id }) => id !== null && <a href={pagePath(["sessions", id])}>{id}</a>,
  },
  { name: "user", label: "User", cell: ({ user_id }) => user_id },
  { name: "release", label: "Release", cell: ({ release }) => release },
  { name: "environment", label: "Environment", cell: ({ environment }) => environment },
  {
    name: "tags",
    label: "Tags",
    cell: ({ tags }) => tags.slice(0, 3).map((tag) => <span class="tag">{tag}</span>),
  },
  { name: "spans", label: "Spans", isNumber: true, cell: ({ span_count }) => formatCount(span_count) },
  { name: "tokens", label: "Tokens", isNumber: true, cell: ({ total_tokens }) => formatCount(total_tokens) },
  { name: "cost", label: "Cost", isNumber: true, cell: formatCost },
  {
    name: "latency",
    label: "Latency",
    sortBy: "latency",
    isNumber: true,
    cell: ({ latency_ms }) => formatDuration(latency_ms),
  },
  {
    name: "started",
    label: "Started",
    sortBy: "started_at",
    isNumber: true,
    cell: ({ started_at }) => <Ago time={started_at} />,
  },
];

export const shownAtFirst: readonly string[] = [
  "status",
  "scores",
  "session",
  "spans",
  "tokens",
  "cost",
  "latency",
  "started",
];

function LowestScores({ scores }: { scores: readonly TraceScoreResponse[] }) {
  const rank = (score: TraceScoreResponse) => (score.status === "FAILED" ? -1 : scoreNumber(score)) ?? 2;
  const sorted = scores.filter((score) => rank(score) < 2).toSorted((a, b) => rank(a) - rank(b));
  return (
    <span class="chips">
      {sorted.slice(0, shownChips).map((score) => (
        <ScoreChip key={score.id} score={score} />
      ))}
      {sorted.length > shownChips && <span class="muted">+{sorted.length - shownChips}</span>}
    </span>
  );
}
