/**
 * @param path with `:` in place of each id.
 * @param query a list repeats its name; `null` and `undefined` are left out.
 * @throws TypeError for an id that would lead to another path: `""`, `.` or `..`.
 */
export function requestUrl(
  endpoint: string,
  operation: string,
  path: string,
  ids: readonly string[],
  query: object,
): string {
  const values = ids.values();
  const filled = path.replaceAll(":", () => {
    const id: unknown = values.next().value;
    // A URL cannot contain a lone surrogate either.
    if (typeof id === "string" && /^(?!\.{0,2}$)\P{Cs}*$/u.test(id)) return encodeURIComponent(id);
    throw new TypeError(`${operation}: ${JSON.stringify(id)} is not a valid id.`);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const item of [value ?? []].flat()) search.append(name, item);
  return `${endpoint}${filled}?${search}`.replace(/\?$/, "");
}
