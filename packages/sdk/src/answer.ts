/** What surrounds the data of an answer. */
export interface ResponseInfo {
  readonly status: number;
  readonly headers: Headers;
  /** Quote it in reports: the server's log has it too. */
  readonly requestId: string | null;
}

/** What the server answered, with what surrounds the data. */
export interface Answer<Data> extends ResponseInfo {
  readonly data: Data;
}

export function responseInfo({ status, headers }: Response): ResponseInfo {
  return { status, headers, requestId: headers.get("x-request-id") };
}
