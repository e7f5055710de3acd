import type { Answer } from "./answer.ts";
import { checkAnswer } from "./check-answer.ts";
import { isEventStream, readEvents } from "./event-stream.ts";

export interface Credentials {
  readonly url: string;
  readonly apiKey: string;
  readonly project: string;
}

/**
 * Plain HTTP with credentials: what a client in any language would send. Every answer is held against the contract, so
 * that each test that sees one is a test of its shape as well.
 */
export class ApiClient {
  readonly #credentials: Credentials;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** The same server, as somebody else. */
  as(credentials: Partial<Credentials>): ApiClient {
    return new ApiClient({ ...this.#credentials, ...credentials });
  }

  /** What says who it is. */
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

  /** Sends the body as it is. */
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

/** Streams of events may never end: of them the first one is the answer. */
async function firstEvent(response: Response): Promise<string> {
  for await (const event of readEvents(response)) return event.text;
  return "";
}

export type { Answer } from "./answer.ts";
