import type { EvalRunFilters } from "@pandaprobe/contract";
import { parseDateTime } from "@pandaprobe/contract/rules";
import type { StoredTrace, TraceFields } from "../state/project.ts";

type Filters = EvalRunFilters;

/** The traces that match all given filters. */
export function matchingTraces(traces: Iterable<StoredTrace>, filters: Filters): StoredTrace[] {
  return [...traces].filter(({ fields }) => holds(fields, filters));
}

function holds(trace: TraceFields, filters: Filters): boolean {
  const { date_from: from, date_to: to, tags, name } = filters;
  if (from != null && trace.started_at < (parseDateTime(from) ?? from)) return false;
  if (to != null && trace.started_at >= (parseDateTime(to) ?? to)) return false;
  if (tags != null && tags.length > 0 && !tags.some((tag) => trace.tags.includes(tag))) return false;
  if (name != null && !trace.name.toLowerCase().includes(name.toLowerCase())) return false;
  return (["status", "session_id", "user_id", "environment", "release"] as const).every(
    (field) => filters[field] == null || filters[field] === trace[field],
  );
}
