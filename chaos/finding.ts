/** What a trial found out about one thing. */
export interface Finding {
  readonly what: string;
  readonly measured: string;
  /** `null` where it is only told. */
  readonly holds: boolean | null;
}
