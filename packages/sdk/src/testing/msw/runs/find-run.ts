import { notFound } from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";
import type { Run } from "./run.ts";
import type { TargetKind } from "./target-kind.ts";

/** A run of this kind. @throws ProblemError `not_found`, for a run of another kind too */
export function findRun(
  project: Project,
  { type, noun }: Pick<TargetKind<never>, "type" | "noun">,
  id: string,
): Run {
  const run = project.runs.get(id);
  if (run?.type !== type) throw notFound(`${noun} run`, id);
  return run;
}
