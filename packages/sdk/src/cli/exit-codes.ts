/** The exit codes, which docs/ci.md explains. After a signal the exit code is 128 plus its number. */
export const exitCodes = {
  /** Every threshold was reached. */
  passed: 0,
  /** A threshold was missed, or a metric is worse than the baseline. */
  belowThreshold: 1,
  /** An option, the environment or a name is wrong: nothing was evaluated. */
  wrongUse: 2,
  /** There is no complete result: the server is unreachable, or the run failed or did not end in time. */
  noResult: 3,
} as const;
