import type { Configuration } from "./configuration.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
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
  const all = {
    "x-project-name": configuration.projectName,
    "content-type": hasBody ? "application/json" : undefined,
    prefer: waitSeconds ? `wait=${waitSeconds}` : undefined,
    "last-event-id": lastEventId,
    "idempotency-key": isPost ? (idempotencyKey ?? newIdempotencyKey()) : undefined,
    ...configuration.headers,
    ...options.headers,
  };
  for (const [name, value] of Object.entries(all)) {
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
