/**
 * How an operation goes over the wire: its HTTP method; its path, with `:` in place of each id; and what it takes besides
 * ids: a `body`, a `query`, the query of a `page` of a list, or a `metric` by name. `events` responds with a stream of
 * them, and `once` is not retried by default.
 */
export type Route = readonly [method: Method, path: `/${string}`, takes?: Takes];

/** Routes of one method that take the same: their paths, by the names of operations in a short form. */
export type ShortRoutes<Name extends string> = readonly [
  method: Method,
  paths: { readonly [N in ShortName<Name>]?: string },
  takes?: Takes,
];

/** A name, with `$` in place of `Trace` or `Session` if the operation is there for both. */
type ShortName<Name extends string> =
  | Name
  | (Name extends `${infer Before}Trace${infer After}` ? `${Before}$${After}` : never);

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Takes = "body" | "query" | "page" | "metric" | "events" | "once";

/** The ids in a path, in order. */
export type PathIds<P extends string> = P extends `${string}/:${infer Rest}`
  ? readonly [string, ...PathIds<Rest>]
  : readonly [];
