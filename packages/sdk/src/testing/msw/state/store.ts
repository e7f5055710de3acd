import { fireDueMonitors } from "../monitors/fire-due-monitors.ts";
import type { Judges } from "../providers.ts";
import { progressRun } from "../runs/progress-run.ts";
import { RunPlan } from "../runs/run-plan.ts";
import { ScoreBook } from "../scores/score-book.ts";
import type { World } from "../world.ts";
import { Changes } from "./changes.ts";
import { Clock } from "./clock.ts";
import { Ids } from "./ids.ts";
import { Project } from "./project.ts";

/** Everything that is stored, in all projects. */
export class Store {
  readonly apiKeys: readonly string[] | undefined;
  readonly world: World;
  readonly #projects = new Map<string, Project>();

  constructor(apiKeys: readonly string[] | undefined, judges: Judges) {
    this.apiKeys = apiKeys;
    this.world = {
      clock: new Clock(),
      ids: new Ids(),
      scores: new ScoreBook(),
      runs: new RunPlan(),
      changes: new Changes(),
      ...judges,
    };
  }

  /** The project of that name; an empty one where nothing is stored in it yet. */
  project(name: string | null): Project {
    const known = this.#projects.get(name ?? "");
    if (known !== undefined) return known;
    const project = new Project(this.world.ids.next());
    this.#projects.set(name ?? "", project);
    return project;
  }

  /** Lets happen what is to have happened by now. */
  settle(): void {
    for (const project of this.#projects.values()) {
      fireDueMonitors(this.world, project);
      for (const run of project.runs.values()) progressRun(this.world, project, run);
    }
  }

  reset(): void {
    this.#projects.clear();
    this.world.clock.reset();
    this.world.ids.reset();
    this.world.scores.reset();
    this.world.runs.reset();
    this.world.changes.add();
  }
}
