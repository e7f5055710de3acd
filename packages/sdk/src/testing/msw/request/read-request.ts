import {
  jsonContentType,
  malformedJson,
  ProblemError,
  parseExactContent,
  refusalProblem,
  requestRefusal,
  unsupportedMediaType,
} from "@pandaprobe/contract/rules";
import type { Operation } from "../operation.ts";

interface Schema {
  safeParse(value: unknown): {
    readonly data?: unknown;
    readonly error?: { readonly issues: readonly unknown[] } | undefined;
  };
}

/** The values of a request, not yet validated. */
export interface SentValues {
  readonly path: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** Validates a request by the contract. @throws ProblemError with every invalid field */
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

/** The path parameters. The pathname may have the prefix under which the API is served. */
export function pathValues(path: string, pathname: string): Readonly<Record<string, string>> {
  const names = path.split("/");
  const values = pathname
    .replace(/\/$/, "")
    .split("/")
    .slice(-(names.length - 1));
  try {
    const pairs = names
      .slice(1)
      .flatMap((name, index) =>
        name.startsWith(":") ? [[name.slice(1), decodeURIComponent(values[index] ?? "")]] : [],
      );
    return storable(Object.fromEntries(pairs)) as Readonly<Record<string, string>>;
  } catch {
    const detail = "The path cannot be decoded: percent-encode each of its values as UTF-8.";
    throw new ProblemError("malformed_request", detail);
  }
}

/** Parses a query like the server: a repeated name becomes a list. */
export function queryValues(search: URLSearchParams): unknown {
  return storable(
    Object.fromEntries(
      [...new Set(search.keys())].map((name) => {
        const values = search.getAll(name);
        return [name, values.length === 1 ? values[0] : values];
      }),
    ),
  );
}

const maxBytes = 10 * 1024 * 1024;

/** Parses the body like the server. `undefined` without a body. @throws ProblemError */
export function jsonBody(text: string, contentType: string | null): unknown {
  if (text === "") return undefined;
  if (contentType === null || !jsonContentType.test(contentType)) throw unsupportedMediaType();
  if (new TextEncoder().encode(text).length > maxBytes) {
    throw new ProblemError("body_too_large", `The body is larger than ${maxBytes} bytes. Send less at once.`);
  }
  try {
    return storable(parseExactContent(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw malformedJson(why);
  }
}

/**
 * The value as the server stores it. PostgreSQL rejects U+0000 and lone surrogates, so they become U+FFFD in values and
 * keys.
 */
export function storable(value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (typeof value !== "object" || value === null) return value;
  // `fromEntries` defines properties, so that a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storable(item)]));
}

function storableText(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, "\ufffd");
}
