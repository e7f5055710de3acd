import type { AppRoute } from "@ts-rest/core";
import { type ErrorCode, errorCodes } from "../common/error-codes.ts";
import {
  type HeaderInfo,
  type RouteMetadata,
  rateLimitHeaders,
  retryAfterHeader,
} from "../common/metadata.ts";
import { isSchema } from "../schema-components.ts";

type Json = Record<string, unknown>;

const everyAnswer = {
  "X-Request-ID": { description: "The caller's, if it sent a valid one, or one made by the server." },
  Warning: {
    description:
      'Only if the server ignored query parameters: up to 5 of their names, percent-encoded, as in `299 - "ignored query parameters: q, foo%20bar"`.',
  },
} as const;

export function successHeaders(metadata: RouteMetadata): Json {
  const onSuccess = Object.entries(headersOf(metadata)).filter(([name]) => !(name in retryAfterHeader));
  return describeHeaders([...Object.entries(everyAnswer), ...onSuccess]);
}

export function errorHeaders(metadata: RouteMetadata, status: number): Json {
  const onErrors = Object.entries({ ...retryAfterHeader, ...headersOf(metadata) }).filter(
    ([, header]: [string, HeaderInfo]) => header.onErrors?.some((error) => error === status),
  );
  return describeHeaders([...Object.entries(everyAnswer), ...onErrors]);
}

/** Its own, and those that every route with credentials has. */
function headersOf({ scope, responseHeaders }: RouteMetadata): Readonly<Record<string, HeaderInfo>> {
  return { ...(scope !== null ? rateLimitHeaders : {}), ...responseHeaders };
}

function describeHeaders(headers: readonly (readonly [string, HeaderInfo])[]): Json {
  return Object.fromEntries(
    headers.map(([name, { description }]) => [name, { description, schema: { type: "string" } }]),
  );
}

/** Errors that any request can get. */
const anyRequest = ["malformed_request", "headers_too_large", "internal_error"] as const;

/** The error responses of an operation: its own errors, and those that follow from its parameters and body. */
export function errorsByStatus(route: AppRoute, metadata: RouteMetadata): Map<number, ErrorCode[]> {
  const codes = new Set<ErrorCode>([...metadata.errors, ...anyRequest]);
  const add = (applies: boolean, more: readonly ErrorCode[]) => {
    if (applies) for (const code of more) codes.add(code);
  };
  const hasBody = "body" in route && isSchema(route.body);
  const takesKey = metadata.requestHeaders !== undefined && "Idempotency-Key" in metadata.requestHeaders;
  add(metadata.scope !== null, [
    "missing_credentials",
    "invalid_credentials",
    "insufficient_scope",
    "rate_limited",
    "unavailable",
  ]);
  add(metadata.scope !== null && metadata.project !== "none", ["invalid_project_name"]);
  add(metadata.quota !== undefined, ["quota_exceeded"]);
  // A body is read wherever HTTP allows one, even by operations that do not use it.
  add(route.method !== "GET", [
    "malformed_json",
    "request_timeout",
    "body_too_large",
    "unsupported_media_type",
  ]);
  add(isSchema(route.pathParams), ["uri_too_long"]);
  add(hasBody || isSchema(route.query) || isSchema(route.pathParams), ["validation_error"]);
  add(takesKey, ["idempotency_key_reused", "idempotency_in_progress"]);
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorCodes[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}
