/** The most that a project may use; 0 for no limit. */
export interface ProjectQuotas {
  readonly traces: number;
  /** Of inputs, outputs and metadata of its traces and spans. */
  readonly bytes: number;
  readonly runsPerDay: number;
  readonly monitors: number;
  readonly usdPerDay: number;
}

/** The quotas of all projects, and those of some projects by their ids. */
export interface Quotas extends ProjectQuotas {
  readonly byProject: Readonly<Record<string, Partial<ProjectQuotas>>>;
}

export const noQuotas: Quotas = {
  traces: 0,
  bytes: 0,
  runsPerDay: 0,
  monitors: 0,
  usdPerDay: 0,
  byProject: {},
};

export function quotasOf({ byProject, ...all }: Quotas, projectId: string): ProjectQuotas {
  return { ...all, ...(Object.hasOwn(byProject, projectId) ? byProject[projectId] : {}) };
}

/** When monitors create runs. The first two keep one project's monitors from occupying all workers. */
export interface MonitorLimits {
  /** The shortest time between two ticks of a monitor. */
  readonly shortestGapMs: number;
  /** How many runs all monitors of a project may start in a rolling minute; 0 for no limit. */
  readonly runsPerMinute: number;
  /** How long a trace whose root has not ended must not change before ticks include it. */
  readonly quietMs: number;
}
