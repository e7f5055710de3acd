import { notFound } from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";
import type { StoredTrace } from "../state/stored-trace.ts";

/** @throws ProblemError `not_found` */
export function findTrace(project: Project, id: string): StoredTrace {
  const stored = project.traces.get(id);
  if (stored === undefined) throw notFound("trace", id);
  return stored;
}
