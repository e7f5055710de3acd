import type { Caller } from "./request/authenticate.ts";
import type { Project } from "./state/project.ts";
import type { Store } from "./store.ts";
import type { World } from "./world.ts";

/** The output type of one of the contract's schemas. */
type Read<Schema> = Schema extends { parse(value: unknown): infer Value } ? Value : undefined;

type Part<Route, Name extends string> = Route extends { readonly [K in Name]: infer Schema }
  ? Read<Schema>
  : undefined;

type Success<Route> = Route extends { readonly responses: infer Responses }
  ? { [S in keyof Responses & (200 | 201 | 202 | 204)]: Read<Responses[S]> }[keyof Responses &
      (200 | 201 | 202 | 204)]
  : never;

/** A valid request, and the state to answer it from. */
export interface Call<Route> {
  readonly path: Part<Route, "pathParams">;
  readonly query: Part<Route, "query">;
  readonly body: Part<Route, "body">;
  /** Including fields that the contract does not know. */
  readonly sentBody: unknown;
  readonly headers: Headers;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  readonly project: Project;
  /** `null` on an operation that needs no key. */
  readonly caller: Caller | null;
  readonly store: Store;
  /** The handler adds details of the audit event here. */
  readonly audited: { subject?: string; details?: Record<string, unknown> };
  readonly world: World;
}

/**
 * Answers an operation with the body of a success, or with a whole response if it needs other headers.
 *
 * @throws ProblemError
 */
export type Handler<Route> = (call: Call<Route>) => Success<Route> | Response;

/** One handler per operation of a resource: a new operation in the contract breaks the build until it has one. */
export type Handlers<Routes> = { readonly [Id in keyof Routes]: Handler<Routes[Id]> };
