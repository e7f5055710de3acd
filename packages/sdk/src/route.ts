/**
 * An operation on the wire: its HTTP method; its path, with `:` for each id; and what it takes besides ids: a `body`, a
 * `query`, the query of a `page` of a list, or a `metric` by name. `events` responds with a stream of them, and `once`
 * is not retried by default.
 */
export type Route = readonly [method: Method, path: `/${string}`, takes?: Takes];

/** Routes with one HTTP method that take the same parameters: their paths, by abbreviated names of operations. */
export type ShortRoutes<Name extends string> = readonly [
  method: Method,
  paths: { readonly [N in ShortName<Name>]?: string },
  takes?: Takes,
];

/** A name, with `$` for `Trace` and `Session` if the operation exists for both. */
type ShortName<Name extends string> =
  | Name
  | (Name extends `${infer Before}Trace${infer After}` ? `${Before}$${After}` : never);

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Takes = "body" | "query" | "page" | "metric" | "events" | "once";

/** The ids in a path, in order. */
export type PathIds<P extends string> = P extends `${string}/:${infer Rest}`
  ? readonly [string, ...PathIds<Rest>]
  : readonly [];
