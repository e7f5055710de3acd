import type { HeadersGiven } from "../options/client-options.ts";
import type { Configuration } from "../options/configuration.ts";
import type { CallOptions } from "./request.ts";

/**
 * The headers of a request, without the API key, which each attempt adds.
 *
 * @throws TypeError for an invalid header. The message has its name, but not its value.
 */
export function requestHeaders(
  configuration: Configuration,
  options: CallOptions,
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
    // 128 random bits. Browsers have `crypto.randomUUID` only on secure pages.
    "idempotency-key": isPost
      ? (idempotencyKey ?? crypto.getRandomValues(new BigUint64Array(2)).join("-"))
      : undefined,
  };
  for (const [name, value] of [own, configuration.headers, options.headers].flatMap(headerPairs)) {
    try {
      if (value !== undefined) headers.set(name, value);
    } catch {
      throw new TypeError(`The header ${JSON.stringify(name)} has invalid characters.`);
    }
  }
  return headers;
}

/** The names and values of headers, in whichever form they are given. */
export function headerPairs(
  headers: HeadersGiven | Record<string, string | undefined> = {},
): [string, string][] {
  return [...(Symbol.iterator in headers ? headers : Object.entries(headers))] as [string, string][];
}
