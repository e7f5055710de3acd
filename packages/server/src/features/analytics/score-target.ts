/** Whose scores are meant: the table that holds them, and their name in the rollups. */
export interface ScoreTarget {
  readonly table: "trace_scores" | "session_scores";
  readonly type: "TRACE" | "SESSION";
}

export const traceTarget: ScoreTarget = { table: "trace_scores", type: "TRACE" };
export const sessionTarget: ScoreTarget = { table: "session_scores", type: "SESSION" };
