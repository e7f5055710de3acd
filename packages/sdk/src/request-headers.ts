import type { HeadersGiven } from "./client-options.ts";
import type { Configuration } from "./configuration.ts";
import type { OperationOptions } from "./operation.ts";

/**
 * All headers but the key, which is added when a try is sent.
 *
 * @throws TypeError for a header that cannot be sent. The message names it and keeps its value to itself.
 */
export function requestHeaders(
  configuration: Configuration,
  options: OperationOptions,
  isPost: boolean,
  hasBody: boolean,
): Headers {
  const { waitSeconds, lastEventId, idempotencyKey } = options;
  const headers = new Headers();
  const own = {
    "x-project-name": configuration.projectName,
    "content-type": hasBody ? "application/json" : undefined,
    prefer: waitSeconds ? `wait=${waitSeconds}` : undefined,
    "last-event-id": lastEventId,
    // 128 random bits, and no `crypto.randomUUID`: browsers have that on secure pages alone.
    "idempotency-key": isPost
      ? (idempotencyKey ?? crypto.getRandomValues(new BigUint64Array(2)).join("-"))
      : undefined,
  };
  for (const [name, value] of [own, configuration.headers, options.headers].flatMap(headerPairs)) {
    try {
      if (value !== undefined) headers.set(name, value);
    } catch {
      throw new TypeError(
        `The header ${JSON.stringify(name)} or its value has characters that no header can carry.`,
      );
    }
  }
  return headers;
}

/** The names and values of headers, however they are given. */
export function headerPairs(
  headers: HeadersGiven | Record<string, string | undefined> = {},
): [string, string][] {
  return [...(Symbol.iterator in headers ? headers : Object.entries(headers))] as [string, string][];
}
