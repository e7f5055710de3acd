import type { AuditEvent } from "@pandaprobe/contract";
import type { Judges } from "./judges.ts";
import { fireDueMonitors } from "./monitors/run-monitor.ts";
import { progressRun } from "./runs/progress-run.ts";
import { RunPlan } from "./runs/run-script.ts";
import { scoreEvaluations } from "./scores/evaluations.ts";
import { ScoreBook } from "./scores/score-book.ts";
import { Changes } from "./state/changes.ts";
import { Clock } from "./state/clock.ts";
import { Ids } from "./state/ids.ts";
import { Keys, type MockKey } from "./state/keys.ts";
import { Project } from "./state/project.ts";
import { fillSpans } from "./traces/logged-messages.ts";
import type { World } from "./world.ts";

/** Everything stored, in all projects. */
export class Store {
  readonly keys: Keys;
  /** The audit log, oldest first. */
  readonly events: AuditEvent[] = [];
  readonly world: World;
  readonly #projects = new Map<string, Project>();

  constructor(apiKeys: readonly (string | MockKey)[] | undefined, judges: Judges) {
    this.world = {
      clock: new Clock(),
      ids: new Ids(),
      scores: new ScoreBook(),
      runs: new RunPlan(),
      changes: new Changes(),
      ...judges,
    };
    this.keys = new Keys(apiKeys, this.world.clock, this.world.ids);
  }

  /** The projects with at least one write, by name. */
  projects(): [string, Project][] {
    return [...this.#projects]
      .filter(([, { createdAt }]) => createdAt !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /** @returns whether the project existed */
  deleteProject(name: string): boolean {
    const exists = (this.#projects.get(name)?.createdAt ?? null) !== null;
    this.#projects.delete(name);
    return exists;
  }

  /** The project with this name. An empty one if nothing is stored in it yet. */
  project(name: string | null): Project {
    const known = this.#projects.get(name ?? "");
    if (known !== undefined) return known;
    const project = new Project(this.world.ids.next());
    this.#projects.set(name ?? "", project);
    return project;
  }

  /** Brings monitors and runs up to the present. */
  settle(): void {
    for (const project of this.#projects.values()) {
      scoreEvaluations(this.world, project);
      fillSpans(this.world, project);
      fireDueMonitors(this.world, project);
      for (const run of project.runs.values()) progressRun(this.world, project, run);
    }
  }

  reset(): void {
    this.#projects.clear();
    this.events.length = 0;
    this.world.clock.reset();
    this.world.ids.reset();
    this.keys.reset();
    this.world.scores.reset();
    this.world.runs.reset();
    this.world.changes.add();
  }
}
