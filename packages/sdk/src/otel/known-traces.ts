/** What a trace was last said to be. */
export interface KnownTrace {
  readonly name: string;
  readonly started_at: string;
  /** Whether its root, which decides, was there. */
  readonly isRooted: boolean;
}

/** By OpenTelemetry's ids. */
export interface KnownTraces {
  get(id: string): KnownTrace | undefined;
  set(id: string, trace: KnownTrace): unknown;
}
