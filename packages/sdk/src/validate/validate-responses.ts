import { Problem } from "@pandaprobe/contract";
import type { Fetch } from "@pandaprobe/sdk";
import { type Operation, operationOf } from "./operation-of.ts";
import { ResponseValidationError, type WrongField } from "./response-validation-error.ts";
import { isSchema, wrongFields } from "./wrong-fields.ts";

/**
 * A `fetch` that holds every answer against the contract: its status and each field of it. What the contract does not
 * know is no error, since newer servers may say more; neither is what is no answer of the API, such as a proxy's page,
 * which the client reports itself. A call that is answered wrongly rejects with a `ResponseValidationError` that names
 * the field, and is not repeated.
 *
 * @param fetch what does the fetching. Default: the global `fetch`.
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
    // Whose `fetch` it may be, it can be read twice.
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
  const [first, ...more] = await wrongInAnswer(operation, response);
  if (first === undefined) return;
  throw new ResponseValidationError({
    operation: operation.id,
    status,
    requestId: headers.get("x-request-id") ?? undefined,
    fields: [first, ...more],
  });
}

async function wrongInAnswer({ responses }: Operation, response: Response): Promise<WrongField[]> {
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
    // Not JSON, of which the client has more to say.
    return [];
  }
}
