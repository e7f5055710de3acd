/** What each project may use at the most; 0 for as much as it likes. */
export interface Quotas {
  readonly traces: number;
  /** Of JSON and text in its traces and their spans. */
  readonly bytes: number;
  readonly runsPerDay: number;
  readonly monitors: number;
  readonly usdPerDay: number;
}

export const noQuotas: Quotas = { traces: 0, bytes: 0, runsPerDay: 0, monitors: 0, usdPerDay: 0 };

/** What keeps the monitors of one project from taking up everybody's workers. */
export interface MonitorLimits {
  /** The shortest time between two ticks of a monitor. */
  readonly shortestGapMs: number;
  /** How many runs all monitors of a project make in a rolling minute; 0 for as many as are due. */
  readonly runsPerMinute: number;
}
