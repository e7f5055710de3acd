import type { Project } from "../state/project.ts";

/** Deletes traces with their spans and scores. @returns how many of them there were */
export function deleteTraces(project: Project, ids: readonly string[]): number {
  const gone = new Set(ids.filter((id) => project.traces.delete(id)));
  for (const [id, { score }] of project.traceScores) {
    if (gone.has(score.trace_id)) project.traceScores.delete(id);
  }
  return gone.size;
}
