/**
 * @param path with `:name` where a parameter stands.
 * @param query a list repeats the name; what is `null` or `undefined` is left out.
 * @throws TypeError for a path parameter that would change which path it is: empty, `.` or `..`.
 */
export function requestUrl(endpoint: string, path: string, params: readonly string[], query: object): string {
  const values = params.values();
  const filled = path.replace(/:(\w+)/g, (_, name: string) => segment(name, values.next().value));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const item of [value ?? []].flat()) search.append(name, item);
  return `${endpoint}${filled}?${search}`.replace(/\?$/, "");
}

function segment(name: string, value: unknown): string {
  try {
    if (typeof value === "string" && !/^\.{0,2}$/.test(value)) return encodeURIComponent(value);
  } catch {
    // Half of a surrogate pair is no text.
  }
  throw new TypeError(
    `${name} must be text, and not "", "." or "..", which lead to another path: it is ${JSON.stringify(value)}.`,
  );
}
