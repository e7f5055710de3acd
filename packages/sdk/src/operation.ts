import type { Operations } from "./generated/operations.ts";
import type { routes } from "./generated/routes.ts";
import type { GetRunOptions, StreamRunOptions } from "./request-options.ts";
import type { OperationRoute, PathIds } from "./route.ts";

/** The name of an operation of the API, which is the name of the client's method too. */
export type Operation = keyof Operations;

/** The ids in an operation's path, in the order they stand there. */
export type OperationIds<O extends Operation> = PathIds<RouteOf<O, keyof Routes> & string>;

type Routes = typeof routes;
type RouteOf<O, Resource extends keyof Routes> = Resource extends unknown
  ? O extends keyof Routes[Resource]
    ? Routes[Resource][O]
    : never
  : never;

/** What an operation sends besides its path. */
export interface OperationInput {
  readonly query?: object | undefined;
  readonly metric?: string | undefined;
  readonly body?: unknown;
  /** The body where it is JSON already, in place of `body`. */
  readonly json?: string | undefined;
  /** Whether the request outlives the page that sends it; browsers allow 64 KiB of that. */
  readonly keepalive?: boolean | undefined;
  /** How it goes over the wire, where it is no operation of the route map. */
  readonly route?: OperationRoute | undefined;
}

/** What operations can be told, those options included that only some have; the others ignore them. */
export interface OperationOptions extends GetRunOptions, StreamRunOptions {
  readonly deleteScores?: boolean | undefined;
  /** Whether the caller goes on after such a failure, which is then no error to the log. Default: it does not. */
  readonly handles?: ((error: unknown) => boolean) | undefined;
}

export type OperationResponse<O extends Operation> = Operations[O]["response"];
