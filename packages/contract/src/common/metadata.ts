import type { ErrorCode, ErrorStatus } from "./error-codes.ts";
import type { KeyScope } from "./scopes.ts";

/** A header that a request may carry or an answer carries. */
export interface HeaderInfo {
  readonly description: string;
  readonly required?: boolean;
  readonly example?: string;
  /** On a response header: the error statuses that carry it. Left out: none, it comes with success. */
  readonly onErrors?: readonly ErrorStatus[];
}

/**
 * What a route says besides its schemas. Headers live here, not in ts-rest's `headers` (which loses their types with
 * zod 4): the OpenAPI document, the SDK and the server read them from this one place.
 */
export interface RouteMetadata {
  /** The group in the reference. */
  readonly tag: string;
  /** The scope that a key in `X-API-Key` needs. `null`: no key is needed. */
  readonly scope: KeyScope | null;
  /**
   * Where the project stands: in the header `X-Project-Name`, in the path as `:project_name`, or nowhere, because the
   * operation is about the whole organization. Without a key there is none. Default: `header`.
   */
  readonly project?: "header" | "path" | "none";
  /** The quota of the project that the operation draws on. Left out: none. */
  readonly quota?: "traces" | "bytes" | "runs" | "monitors";
  /** What a success is called in the audit log. Left out: it is not recorded. */
  readonly audit?: string;
  /** The rolling rate limit that it has by itself. Left out: it shares one with all other routes that need credentials. */
  readonly rateLimit?: "runs" | "triggers";
  /** Errors beyond those that every route of its kind may answer. */
  readonly errors: readonly ErrorCode[];
  readonly requestHeaders?: Readonly<Record<string, HeaderInfo>>;
  readonly responseHeaders?: Readonly<Record<string, HeaderInfo>>;
}

export const authHeaders = {
  "X-API-Key": {
    description: "A key of your organization, `sk_pp_` and 64 hexadecimal digits.",
    required: true,
  },
  "X-Project-Name": {
    description: "The project, by name; the first write makes it.",
    required: true,
    example: "my-agent",
  },
} as const satisfies Record<string, HeaderInfo>;

export const idempotencyKeyHeader = {
  "Idempotency-Key": {
    description:
      "1 to 255 characters. The same key with the same request answers what the first one answered, for 24 hours, and does nothing again.",
  },
} as const satisfies Record<string, HeaderInfo>;

/** What an answer to a request with an `Idempotency-Key` may carry. */
export const idempotencyReplayedHeader = {
  "Idempotency-Replayed": { description: "`true` on an answer that was given before and is given again." },
} as const satisfies Record<string, HeaderInfo>;

export const retryAfterHeader = {
  "Retry-After": {
    description: "In how many seconds it makes sense to try again.",
    onErrors: [409, 429, 503],
  },
} as const satisfies Record<string, HeaderInfo>;

/** On the answers of every route that needs credentials, unless its limit is switched off. */
export const rateLimitHeaders = {
  "RateLimit-Limit": { description: "How many requests a rolling minute allows.", onErrors: [429] },
  "RateLimit-Remaining": { description: "How many of them are left.", onErrors: [429] },
  "RateLimit-Reset": { description: "Seconds until one more is allowed.", onErrors: [429] },
} as const satisfies Record<string, HeaderInfo>;
