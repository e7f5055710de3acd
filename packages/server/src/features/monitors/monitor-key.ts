/** What identifies a monitor in the tables. */
export interface MonitorKey {
  readonly project_id: string;
  readonly id: string;
}
