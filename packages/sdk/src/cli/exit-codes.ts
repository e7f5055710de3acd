/** What the command's exit code says; docs/ci.md says the same to people. A signal ends it with 128 and its number. */
export const exitCodes = {
  /** Every bar was reached. */
  passed: 0,
  /** A bar was missed. */
  belowBar: 1,
  /** The command, its environment or what it names is wrong: nothing was evaluated. */
  wrongUse: 2,
  /** There is no whole result: no server, a run that ended FAILED, or none that ended in time. */
  noResult: 3,
} as const;
