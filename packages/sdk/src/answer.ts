/** What the server answered, with what surrounds the data. */
export interface Answer<Data> {
  readonly data: Data;
  readonly status: number;
  readonly headers: Headers;
  /** Quote it in reports: the server's log has it too. */
  readonly requestId: string | null;
}
