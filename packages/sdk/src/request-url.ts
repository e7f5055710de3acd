/**
 * @param path with `:name` where a parameter stands.
 * @param query a list repeats the name; what is `null` or `undefined` is left out.
 * @throws TypeError for a path parameter that would change which path it is: empty, `.` or `..`.
 */
export function requestUrl(
  endpoint: string,
  path: string,
  params: readonly string[],
  query: object = {},
): string {
  const values = params.values();
  const filled = path.replace(/:(\w+)/g, (_, name: string) => segment(name, values.next().value));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value ?? []].flat().map((item): [string, string] => [name, String(item)]),
    ),
  ).toString();
  return endpoint + filled + (search && `?${search}`);
}

function segment(name: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string, not ${typeof value}.`);
  if (/^\.{0,2}$/.test(value)) {
    throw new TypeError(
      `${name} must not be "${value}": it stands in the path, and would lead to another one.`,
    );
  }
  try {
    return encodeURIComponent(value);
  } catch {
    throw new TypeError(`${name} must be well-formed text: it holds half of a surrogate pair.`);
  }
}
