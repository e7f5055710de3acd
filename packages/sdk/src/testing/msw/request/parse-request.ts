import { requestRefusal } from "@pandaprobe/contract";
import { refusalProblem } from "@pandaprobe/contract/rules";
import type { Operation } from "../operation-table.ts";

interface Schema {
  safeParse(value: unknown): {
    readonly data?: unknown;
    readonly error?: { readonly issues: readonly unknown[] } | undefined;
  };
}

/** What a request says, as it came. */
export interface SentValues {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** What it says, as the contract's schemas read it. @throws ProblemError with every field that is wrong */
export function parseRequest(operation: Operation, sent: SentValues): SentValues {
  const path = read(operation.pathParams, sent.path);
  const query = read(operation.query, sent.query);
  const body = read(operation.body, sent.body);
  if (path.issues ?? query.issues ?? body.issues) {
    throw refusalProblem(requestRefusal({ path: path.issues, query: query.issues, body: body.issues }));
  }
  return { path: path.data, query: query.data, body: body.data };
}

function read(schema: unknown, value: unknown): { data?: unknown; issues?: readonly unknown[] | undefined } {
  if (!isSchema(schema)) return {};
  const { data, error } = schema.safeParse(value);
  return { data, issues: error?.issues };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && "safeParse" in value;
}
