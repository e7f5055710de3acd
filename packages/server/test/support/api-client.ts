import type { Answer } from "./answer.ts";
import { checkAnswer } from "./check-answer.ts";
import { isEventStream, readEvents } from "./event-stream.ts";

export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
  readonly project: string;
}

/**
 * Plain HTTP with credentials, as a client in any language would send it. Every response is validated against the
 * contract, so each test also tests the shape of its responses.
 */
export class ApiClient {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** The same server with other credentials. */
  as(credentials: Partial<Credentials>): ApiClient {
    return new ApiClient({ ...this.#credentials, ...credentials });
  }

  /** The headers with the credentials. */
  get headers(): Record<string, string> {
    return { "x-api-key": this.#credentials.apiKey, "x-project-name": this.#credentials.project };
  }

  get<Body = unknown>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.send<Body>("GET", path, undefined, headers);
  }

  post<Body = unknown>(
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.send("POST", path, body, headers);
  }

  patch<Body = unknown>(path: string, body: unknown): Promise<Answer<Body>> {
    return this.send("PATCH", path, body);
  }

  delete<Body = unknown>(path: string, headers: Record<string, string> = {}): Promise<Answer<Body>> {
    return this.send("DELETE", path, undefined, headers);
  }

  async send<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    return this.sendRaw(method, path, body === undefined ? undefined : JSON.stringify(body), {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    });
  }

  /** Sends the body unchanged. */
  async sendRaw<Body = unknown>(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    headers: Record<string, string>,
  ): Promise<Answer<Body>> {
    const response = await fetch(this.#credentials.url + path, {
      method,
      headers: {
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = isEventStream(response.headers) ? await firstEvent(response) : await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const answer: Answer<Body> = {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
    checkAnswer(method, path, answer);
    return answer;
  }
}

/** Event streams may never end, so their first event is the body. */
async function firstEvent(response: Response): Promise<string> {
  for await (const event of readEvents(response)) return event.text;
  return "";
}

export type { Answer } from "./answer.ts";
