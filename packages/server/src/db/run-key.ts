/** What identifies a run in the tables. */
export interface RunKey {
  readonly project_id: string;
  readonly id: string;
}
