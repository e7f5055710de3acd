import { isOpen } from "@pandaprobe/contract/rules";
import { isoTime } from "../state/clock.ts";
import type { Project, Run } from "../state/project.ts";
import type { World } from "../world.ts";
import { endTarget } from "./end-target.ts";

/** Brings a run up to the present. */
export function progressRun(world: World, project: Project, run: Run): void {
  const now = world.clock.now();
  if (run.response.status === "PENDING") update(world, run, { status: "RUNNING" });
  while (isOpen(run.response) && nextEnd(run) <= now) goOn(world, project, run);
}

/** Makes the next change of a run happen now, unless the run never progresses by itself. */
export function hurryRun(world: World, project: Project, run: Run): void {
  const early = nextEnd(run) - world.clock.now();
  if (Number.isFinite(early) && early > 0) run.startedAt -= early;
  progressRun(world, project, run);
}

/** When the next target ends. */
function nextEnd({ startedAt, targetMs, response }: Run): number {
  return startedAt + (response.evaluated_count + 1) * targetMs;
}

function goOn(world: World, project: Project, run: Run): void {
  const at = isoTime(nextEnd(run));
  const { evaluated_count: ended, failed_count: failed } = run.response;
  const isFailing = run.failure !== undefined && ended >= Math.min(run.failure.after, run.targets.length - 1);
  const target = run.targets[ended];
  if (target === undefined || isFailing) {
    const error_message = run.failure?.message ?? null;
    update(world, run, { status: "FAILED", error_message, completed_at: at });
    return;
  }
  const failures = endTarget(world, project, run, target, at);
  const isOver = ended + 1 === run.targets.length;
  update(world, run, {
    evaluated_count: ended + 1,
    failed_count: failed + failures,
    ...(isOver ? { status: "COMPLETED" as const, completed_at: at } : {}),
  });
}

function update(world: World, run: Run, changes: Partial<Run["response"]>): void {
  Object.assign(run.response, changes);
  world.changes.add();
}
