import type { Configuration } from "./configuration.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import type { RequestOptions } from "./request-options.ts";

/**
 * All headers but the key, which is added when a try is sent.
 *
 * @throws TypeError for a header that cannot be sent. The message names it and keeps its value to itself.
 */
export function requestHeaders(
  configuration: Configuration,
  options: RequestOptions,
  request: { readonly isPost: boolean; readonly hasBody: boolean; readonly waitSeconds: number | undefined },
): Headers {
  const headers = new Headers({
    "x-project-name": configuration.projectName,
  });
  if (request.hasBody) headers.set("content-type", "application/json");
  if (request.waitSeconds !== undefined) headers.set("prefer", `wait=${request.waitSeconds}`);
  for (const [name, value] of Object.entries({ ...configuration.headers, ...options.headers })) {
    set(headers, name, value);
  }
  if (request.isPost) {
    const key = options.idempotencyKey ?? headers.get("idempotency-key") ?? newIdempotencyKey();
    set(headers, "idempotency-key", key);
  }
  return headers;
}

function set(headers: Headers, name: string, value: string): void {
  try {
    headers.set(name, value);
  } catch {
    throw new TypeError(
      `The header ${JSON.stringify(name)} or its value has characters that no header can carry.`,
    );
  }
}
