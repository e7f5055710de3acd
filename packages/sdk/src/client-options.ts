import type { Hooks } from "./hooks.ts";
import type { Logger } from "./logger.ts";

/** How a client is set up. What is left out comes from the environment, then from the default. */
export interface PandaProbeOptions {
  /** A key of your organization, `sk_pp_…`. Default: `PANDAPROBE_API_KEY`. */
  readonly apiKey?: string | undefined;
  /** The project, by name; the first write makes it. Default: `PANDAPROBE_PROJECT_NAME`. */
  readonly projectName?: string | undefined;
  /**
   * Where the API is: an http or https address, with a path if it is served below one. Default: `PANDAPROBE_ENDPOINT`,
   * then `http://127.0.0.1:8000`.
   */
  readonly endpoint?: string | undefined;
  /** How long one try may take, in milliseconds, up to the last byte of the answer. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long a call may take in all, with every retry and the waits between, in milliseconds.
   * Default: four times `timeoutMs`.
   */
  readonly totalTimeoutMs?: number | undefined;
  /**
   * How often a try is repeated that met a network error, a timeout, 408, 429, 5xx or a 409 `idempotency_in_progress`.
   * The waits between are random, of at most half a second at first and eight in the end, on top of what the server asks
   * for (`Retry-After`; of a 429 without one, `RateLimit-Reset`), which counts up to a minute. 0 for never. Default: 4.
   */
  readonly retries?: number | undefined;
  /** Added to the headers of every request. */
  readonly headers?: HeadersGiven | undefined;
  /** Used in place of the global `fetch`, for a proxy or a test: that of undici, node-fetch or cross-fetch will do. */
  readonly fetch?: Fetch | undefined;
  /** Told of every try: before it is sent, after its answer, and before it is repeated. */
  readonly hooks?: Hooks | undefined;
  /** Where to write what the client does; `console` will do. Default: nowhere. */
  readonly logger?: Logger | undefined;
}

/** Headers as the platform takes them: an object, a `Headers`, or pairs. */
export type HeadersGiven = Readonly<Record<string, string>> | Headers | Iterable<readonly [string, string]>;

/**
 * As much of the global `fetch` as the client uses. It is called with a URL and plain values, which the `fetch` of any
 * library takes, and rejects where there is no answer.
 */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/** What a `fetch` is asked to send. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly keepalive: boolean;
  readonly redirect: "manual";
  readonly signal: AbortSignal;
}

/** As much of a `Response` as the client reads. */
export interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The platform's stream. Where it is another one, as that of node-fetch is, runs are watched by polls. */
  readonly body: unknown;
  text(): Promise<string>;
}
