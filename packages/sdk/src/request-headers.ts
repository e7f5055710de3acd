import type { Configuration } from "./configuration.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import type { GetRunOptions } from "./request-options.ts";

/**
 * All headers but the key, which is added when a try is sent.
 *
 * @throws TypeError for a header that cannot be sent. The message names it and keeps its value to itself.
 */
export function requestHeaders(
  configuration: Configuration,
  options: GetRunOptions,
  isPost: boolean,
  hasBody: boolean,
): Headers {
  const { waitSeconds } = options;
  const headers = new Headers();
  const all = {
    "x-project-name": configuration.projectName,
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...(waitSeconds === undefined ? {} : { prefer: `wait=${waitSeconds}` }),
    ...(isPost ? { "idempotency-key": newIdempotencyKey() } : {}),
    ...configuration.headers,
    ...options.headers,
    ...(isPost && options.idempotencyKey !== undefined ? { "idempotency-key": options.idempotencyKey } : {}),
  };
  for (const [name, value] of Object.entries(all)) {
    try {
      headers.set(name, value);
    } catch {
      throw new TypeError(
        `The header ${JSON.stringify(name)} or its value has characters that no header can carry.`,
      );
    }
  }
  return headers;
}
