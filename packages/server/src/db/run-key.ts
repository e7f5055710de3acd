/** The primary key of a run. */
export interface RunKey {
  readonly project_id: string;
  readonly id: string;
}
