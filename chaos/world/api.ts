/** An answer of the API. `status` is 0 if there was none because the process or the connection died. */
export interface ApiAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The API or its database was down. The request may or may not have been processed. */
export class AwayError extends Error {
  override readonly name = "AwayError";
}

/** A plain HTTP client that retries and hides nothing. */
export class Api {
  readonly #url: string;
  readonly #apiKey: string;
  readonly #project: string;
  readonly #timeoutMs = 30_000;

  constructor(url: string, apiKey: string, project: string) {
    this.#url = url;
    this.#apiKey = apiKey;
    this.#project = project;
  }

  get<Body>(path: string): Promise<ApiAnswer<Body>> {
    return this.send("GET", path);
  }

  /** Like `get`, but requires a 200. */
  async read<Body>(path: string): Promise<Body> {
    return expectStatus(200, `GET ${path}`, await this.get<Body>(path));
  }

  /** Requires this status. */
  async post<Body>(path: string, body: unknown, status: number): Promise<Body> {
    return expectStatus(status, `POST ${path}`, await this.send<Body>("POST", path, body));
  }

  /**
   * @param body bytes are sent as they are, with the content type that `more` names; anything else as JSON.
   * @param more other headers. An empty one is left out.
   */
  async send<Body>(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<Body>> {
    const all = { "x-api-key": this.#apiKey, "x-project-name": this.#project, ...more };
    const headers = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
    try {
      const response = await fetch(this.#url + path, {
        method,
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(body === undefined ? { headers } : contentOf(body, headers)),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      return { status: response.status, body: (isJson && text !== "" ? JSON.parse(text) : null) as Body };
    } catch (error) {
      if (error instanceof Error && error.name === "TimeoutError")
        throw new Error(`${method} ${path} was not answered within ${this.#timeoutMs / 1000} s.`);
      return { status: 0, body: null as Body };
    }
  }
}

function contentOf(body: unknown, headers: Readonly<Record<string, string>>) {
  if (body instanceof Uint8Array) return { headers, body: new Uint8Array(body) };
  return { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

function expectStatus<Body>(status: number, what: string, answer: ApiAnswer<Body>): Body {
  if (answer.status === 0 || answer.status === 503) throw new AwayError(`${what} was not answered.`);
  if (answer.status !== status)
    throw new Error(`${what} answered ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
