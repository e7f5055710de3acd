import type { Operation } from "./operation.ts";

/**
 * @param path with `/:` where an id stands.
 * @param query a list repeats the name; what is `null` or `undefined` is left out.
 * @throws TypeError for an id that would change which path it is: empty, `.` or `..`.
 */
export function requestUrl(
  endpoint: string,
  operation: Operation,
  path: string,
  ids: readonly string[],
  query: object,
): string {
  const values = ids.values();
  const filled = path.replaceAll(":", () => {
    const id: unknown = values.next().value;
    // Nor half of a surrogate pair, which no address can hold.
    if (typeof id === "string" && /^(?!\.{0,2}$)\P{Cs}*$/u.test(id)) return encodeURIComponent(id);
    throw new TypeError(
      `${operation} takes ids that are text other than "", "." and "..": it was given ${JSON.stringify(id)}.`,
    );
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const item of [value ?? []].flat()) search.append(name, item);
  return `${endpoint}${filled}?${search}`.replace(/\?$/, "");
}
