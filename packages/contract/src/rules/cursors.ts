import { z } from "zod";
import { ProblemError } from "./problem.ts";

/** Where a page of a list ended: the sort key and the id of its last item. */
export interface CursorPosition<Key = string | number | null> {
  readonly key: Key;
  readonly id: string;
}

/** What a cursor belongs to: the name of a list, and its query. */
export interface CursorScope {
  readonly list: string;
  readonly query: object;
}

export interface PositionSchema<Key> {
  readonly key: z.ZodType<Key>;
  readonly id: z.ZodType<string>;
}

/** For lists in memory, whose keys need no check. */
export const anyPosition = {
  key: z.union([z.string(), z.number(), z.null()]),
  id: z.string(),
} satisfies PositionSchema<string | number | null>;

/** Fields of a query that may differ from page to page. */
const freeFields: ReadonlySet<string> = new Set(["cursor", "limit", "offset", "total"]);

/** A cursor for the page after this position. It contains nothing that the page's items do not show. */
export function writeCursor(scope: CursorScope, { key, id }: CursorPosition): string {
  const bytes = new TextEncoder().encode(JSON.stringify([digest(scope), key, id]));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/**
 * Reads a cursor that a client sent.
 *
 * @param position the schema of the list's positions.
 * @throws ProblemError `validation_error` if it is not a cursor of this list, or is one of other filters or another order.
 */
export function readCursor<Key extends string | number | null>(
  scope: CursorScope,
  cursor: string,
  position: PositionSchema<Key>,
): CursorPosition<Key> {
  const value = z.tuple([z.string(), z.unknown(), z.unknown()]).safeParse(decoded(cursor));
  if (!value.success) throw invalidCursor("is not a cursor of this list: send the `next_cursor` of a page");
  const [made, key, id] = value.data;
  if (made !== digest(scope))
    throw invalidCursor(
      "belongs to other filters or another order: send those of its page again, or leave `cursor` out to start over",
    );
  const read = z.object({ key: position.key, id: position.id }).safeParse({ key, id });
  if (!read.success) throw invalidCursor("is not a cursor of this list: send the `next_cursor` of a page");
  return read.data;
}

function decoded(cursor: string): unknown {
  try {
    const bytes = Uint8Array.from(
      atob(cursor.replaceAll("-", "+").replaceAll("_", "/")),
      (byte) => byte.codePointAt(0) ?? 0,
    );
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** Guards against mistakes, not against attacks, so a short hash (FNV-1a, 64 bits) is enough. */
function digest({ list, query }: CursorScope): string {
  const fields = Object.entries(query)
    .filter(([name, value]) => value !== undefined && !freeFields.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(JSON.stringify([list, fields])))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(36);
}

function invalidCursor(msg: string): ProblemError {
  return new ProblemError("validation_error", `query.cursor ${msg}.`, {
    errors: [{ loc: ["query", "cursor"], msg, type: "invalid" }],
  });
}
