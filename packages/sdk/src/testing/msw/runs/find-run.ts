import { notFound } from "@pandaprobe/contract/rules";
import type { Project, Run } from "../state/project.ts";
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

const longestSeconds = 60;

/** How many seconds the caller would wait for news (`Prefer: wait=N`). */
export function preferredWait(prefer: string | null): number | undefined {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestSeconds);
}

export function hasEnded({ response: { status } }: Run): boolean {
  return status === "COMPLETED" || status === "FAILED";
}
