import type { ErrorCode, ErrorStatus } from "./error-codes.ts";
import type { KeyScope } from "./scopes.ts";

/** The part of a body that masking applies to: content from agents, and from people who score them. */
export type MaskedContent = "trace" | "traces" | "span" | "spans" | "tags" | "score" | "scores";

/** A header of a request or an answer. */
export interface HeaderInfo {
  readonly description: string;
  readonly required?: boolean;
  readonly example?: string;
  /** For a response header: the error statuses that have it. Default: none; it comes with success. */
  readonly onErrors?: readonly ErrorStatus[];
}

/**
 * What a route declares besides its schemas. Headers are here, not in ts-rest's `headers`, which loses their types with
 * zod 4. The OpenAPI document, the SDK and the server read them here.
 */
export interface RouteMetadata {
  /** The group in the reference. */
  readonly tag: string;
  /** The scope that a key in `X-API-Key` needs. `null`: no key is needed. */
  readonly scope: KeyScope | null;
  /**
   * Where the project is named: in the header `X-Project-Name`, in the path as `:project_name`, or nowhere, for operations
   * on the whole organization. Routes without a key have no project. Default: `header`.
   */
  readonly project?: "header" | "path" | "none";
  /** The project quota that the operation uses. Default: none. */
  readonly quota?: "traces" | "bytes" | "runs" | "monitors";
  /** The name of a success in the audit log. Default: not recorded. */
  readonly audit?: string;
  /** Its own rolling rate limit. Default: the one that all other routes with credentials share. */
  readonly rateLimit?: "runs" | "triggers";
  /** The content of its body that the server's masking rules apply to. Default: none. */
  readonly masked?: MaskedContent;
  /** Whether it waits for judges, and so must not hold a database connection meanwhile. Default: false. */
  readonly isSlow?: boolean;
  /** Errors besides those that every route of its kind can answer. */
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
    description: "The name of the project. The first write creates it.",
    required: true,
    example: "my-agent",
  },
} as const satisfies Record<string, HeaderInfo>;

export const idempotencyKeyHeader = {
  "Idempotency-Key": {
    description:
      "1 to 255 characters. For 24 hours, repeating the request with the same key returns the first response without doing the work again.",
  },
} as const satisfies Record<string, HeaderInfo>;

/** A header of responses to requests with an `Idempotency-Key`. */
export const idempotencyReplayedHeader = {
  "Idempotency-Replayed": { description: "`true` if this is the stored response to an earlier request." },
} as const satisfies Record<string, HeaderInfo>;

export const retryAfterHeader = {
  "Retry-After": {
    description: "The number of seconds to wait before a retry.",
    onErrors: [409, 429, 503],
  },
} as const satisfies Record<string, HeaderInfo>;

/** On the responses of every route with credentials, unless its limit is disabled. */
export const rateLimitHeaders = {
  "RateLimit-Limit": { description: "How many requests are allowed in a rolling minute.", onErrors: [429] },
  "RateLimit-Remaining": { description: "How many requests are left.", onErrors: [429] },
  "RateLimit-Reset": { description: "Seconds until one more request is allowed.", onErrors: [429] },
} as const satisfies Record<string, HeaderInfo>;
