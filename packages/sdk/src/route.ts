/**
 * How one operation goes over the wire: its method; its path below its resource's, with `/:` where an id stands; and what
 * it takes besides: a `body`, a `query`, or the query of a `page` of a list. One of `events` answers with a stream of them.
 */
export type Route = Method | `${Method} ${Takes}` | `${Method} /${string}`;

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Takes = "body" | "query" | "page" | "events";

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
