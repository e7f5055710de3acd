import { groupedBy } from "../grouped-by.ts";
import { sorted } from "../sorted.ts";
import type { Project } from "../state/project.ts";
import type { StoredTrace } from "../state/stored-trace.ts";

/** The traces of a session, in the order they started. */
export function sessionTraces(project: Project, sessionId: string): StoredTrace[] {
  const traces = [...project.traces.values()].filter(({ fields }) => fields.session_id === sessionId);
  return inOrder(traces);
}

/** The traces of each session that there is, in the order they started. */
export function allSessions(project: Project): Map<string, StoredTrace[]> {
  return groupedBy(inOrder(project.traces.values()), ({ fields }) => fields.session_id);
}

function inOrder(traces: Iterable<StoredTrace>): StoredTrace[] {
  return sorted(traces, ({ fields }) => [fields.started_at, fields.trace_id]);
}
