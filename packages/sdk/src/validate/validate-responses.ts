import { Problem } from "@pandaprobe/contract";
import type { Fetch } from "@pandaprobe/sdk";
import { type Operation, operationOf } from "./operation-of.ts";
import { ResponseValidationError, type WrongField } from "./response-validation-error.ts";
import { isSchema, wrongFields } from "./wrong-fields.ts";

/**
 * Makes a `fetch` that checks every response against the contract: its status and each of its fields. Additional fields
 * are allowed, because newer servers may send more. A response that is not from the API, such as a proxy's page, is
 * passed to the client, which reports it. A call with an invalid response rejects with a `ResponseValidationError`,
 * which reports the invalid field, and is not retried.
 *
 * @param fetch sends the requests. Default: the global `fetch`.
 * @example
 * ```ts
 * import { PandaProbe } from "@pandaprobe/sdk";
 * import { validateResponses } from "@pandaprobe/sdk/validate";
 *
 * const client = new PandaProbe({ fetch: validateResponses() });
 * ```
 */
export function validateResponses(fetch?: Fetch): Fetch {
  return async (url, init) => {
    // Every `fetch` returns a response that can be cloned.
    const response = (await (fetch ?? globalThis.fetch)(url, init)) as Response;
    const operation = operationOf(init.method, url);
    if (operation !== undefined) await validate(operation, response);
    return response;
  };
}

async function validate(operation: Operation, response: Response): Promise<void> {
  const { status, headers } = response;
  const isProblem = /^application\/problem\+json\b/.test(headers.get("content-type") ?? "");
  if (!response.ok && !isProblem) return;
  const [first, ...more] = await invalidFieldsOf(operation, response);
  if (first === undefined) return;
  throw new ResponseValidationError({
    operation: operation.id,
    status,
    requestId: headers.get("x-request-id") ?? undefined,
    fields: [first, ...more],
  });
}

async function invalidFieldsOf({ responses }: Operation, response: Response): Promise<WrongField[]> {
  const { status } = response;
  if (response.ok && !(status in responses)) {
    const expected = Object.keys(responses).filter((code) => Number(code) < 300);
    return [{ path: [], expected: `status ${expected.join(" or ")}`, got: `status ${status}` }];
  }
  const schema = response.ok ? responses[status] : Problem;
  if (!isSchema(schema)) return [];
  const text = await response.clone().text();
  try {
    return wrongFields(schema, JSON.parse(text));
  } catch {
    // If it is not JSON, the client has a better message.
    return [];
  }
}
