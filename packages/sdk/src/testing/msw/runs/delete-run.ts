import type { Project } from "../state/project.ts";
import type { World } from "../world.ts";
import type { Run } from "./run.ts";

/** Deletes a run. Its scores stay, without a run, unless they are to go with it. */
export function deleteRun(world: World, project: Project, run: Run, deleteScores: boolean): void {
  const { id } = run.response;
  project.runs.delete(id);
  for (const [key, stored] of project.traceScores) {
    if (stored.score.eval_run_id !== id) continue;
    if (deleteScores) project.traceScores.delete(key);
    else stored.score = { ...stored.score, eval_run_id: null };
  }
  for (const [key, score] of project.sessionScores) {
    if (score.eval_run_id !== id) continue;
    if (deleteScores) project.sessionScores.delete(key);
    else project.sessionScores.set(key, { ...score, eval_run_id: null });
  }
  for (const stored of project.monitors.values()) {
    if (stored.monitor.last_run_id === id) stored.monitor = { ...stored.monitor, last_run_id: null };
  }
  world.changes.add();
}
