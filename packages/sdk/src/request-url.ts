import type { Route } from "./route.ts";

/**
 * @param query a list repeats the name; what is `null` or `undefined` is left out.
 * @throws TypeError for a path parameter that would change which path it is: empty, `.` or `..`.
 */
export function requestUrl(
  endpoint: string,
  route: Route,
  params: readonly string[],
  query: object = {},
): string {
  const path = route.params.reduce(
    (text, name, index) => text.replace(`:${name}`, () => segment(name, params[index])),
    route.path,
  );
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      values(value).map((item): [string, string] => [name, item]),
    ),
  ).toString();
  return `${endpoint}${path}${search === "" ? "" : `?${search}`}`;
}

function segment(name: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${name} must be a string, not ${typeof value}.`);
  if (value === "" || value === "." || value === "..") {
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

function values(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}
