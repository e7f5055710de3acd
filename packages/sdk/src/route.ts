/** How one operation goes over the wire: its method, and its path with `:name` where a parameter stands. */
export type Route = `${Method} /${string}`;

type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** The values of a route's path parameters, in the order they stand in the path. */
export type PathParameters<R extends string> = R extends `${string}/:${string}/${infer Rest}`
  ? readonly [string, ...PathParameters<`/${Rest}`>]
  : R extends `${string}/:${string}`
    ? readonly [string]
    : readonly [];
