import { storable } from "./storable.ts";

/** A query as the server reads it: a name that comes once is text, one that comes again a list. */
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
