/**
 * How one operation goes over the wire: its method; its path below its resource's, with `/:` where an id stands; and what
 * it takes besides: a `body`, a `query`, the query of a `page` of a list, or a `metric` by name. One of `events` answers
 * with a stream of them, and `once` is not retried by default.
 */
export type Route = Method | `${Method} ${Takes}` | `${Method} /${string}`;

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Takes = "body" | "query" | "page" | "metric" | "events" | "once";

/** The ids in a route's path, in the order they stand there. */
export type PathIds<R extends string> = R extends `${string}/:${infer Rest}`
  ? readonly [string, ...PathIds<Rest>]
  : readonly [];

/** A route of the map, in its parts. */
export interface OperationRoute {
  readonly method: string;
  /** With `/:` where an id stands. */
  readonly path: string;
  /** `body`, `query`, `page` or `events`; "" for nothing. */
  readonly takes: string;
}
