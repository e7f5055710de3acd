import type { Hooks } from "./hooks.ts";
import type { Logger } from "./logger.ts";

/** The options of a client. Missing ones come from the environment, then from the defaults. */
export interface PandaProbeOptions {
  /** An API key of your organization, `sk_pp_…`. Default: `PANDAPROBE_API_KEY`. */
  readonly apiKey?: string | undefined;
  /** The name of the project. The first write creates it. Default: `PANDAPROBE_PROJECT_NAME`. */
  readonly projectName?: string | undefined;
  /**
   * The http or https URL of the API, including a path prefix if there is one. Default: `PANDAPROBE_ENDPOINT`, then
   * `http://127.0.0.1:8000`.
   */
  readonly endpoint?: string | undefined;
  /** How long one attempt may take, in milliseconds, up to the last byte of the response. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long a call may take in all, including all retries and pauses, in milliseconds. Default: four times
   * `timeoutMs`.
   */
  readonly totalTimeoutMs?: number | undefined;
  /**
   * How often a call is retried after a network error, a timeout, 408, 429, 5xx or a 409 `idempotency_in_progress`; 0
   * for never. Default: 4. The pause before a retry is random: up to half a second at first, doubling up to eight
   * seconds. It is added to the server's `Retry-After` (or `RateLimit-Reset`, for a 429 without it), up to a minute.
   */
  readonly retries?: number | undefined;
  /** Added to the headers of every request. */
  readonly headers?: HeadersGiven | undefined;
  /** Used instead of the global `fetch`, for a proxy or a test. undici's, node-fetch's and cross-fetch's work too. */
  readonly fetch?: Fetch | undefined;
  /** Functions called on every attempt: before it is sent, after its response, and before it is retried. */
  readonly hooks?: Hooks | undefined;
  /** Receives a line for each thing the client does, for example `console`. Default: no logging. */
  readonly logger?: Logger | undefined;
}

/** Headers in any form that the platform accepts: an object, a `Headers`, or name and value pairs. */
export type HeadersGiven = Readonly<Record<string, string>> | Headers | Iterable<readonly [string, string]>;

/**
 * The part of the global `fetch` that the client uses. It is called with a URL and plain values, which the `fetch` of
 * any library accepts, and must reject if there is no response.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** The request that a `fetch` must send. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly keepalive: boolean;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** The part of a `Response` that the client reads. */
export interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The platform's stream. With another one, such as node-fetch's, runs are polled instead of streamed. */
  readonly body: unknown;
  text(): Promise<string>;
}
