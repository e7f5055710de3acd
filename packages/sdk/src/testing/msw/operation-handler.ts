import type { Caller } from "./request/authenticate.ts";
import type { Project } from "./state/project.ts";
import type { Store } from "./store.ts";
import type { World } from "./world.ts";

/** The value that a schema of the contract gives. */
type Read<Schema> = Schema extends { parse(value: unknown): infer Value } ? Value : undefined;

type Part<Route, Name extends string> = Route extends { readonly [K in Name]: infer Schema }
  ? Read<Schema>
  : undefined;

type Success<Route> = Route extends { readonly responses: infer Responses }
  ? { [S in keyof Responses & (200 | 201 | 202 | 204)]: Read<Responses[S]> }[keyof Responses &
      (200 | 201 | 202 | 204)]
  : never;

/** A request that the contract allows, and where it is answered. */
export interface Call<Route> {
  readonly path: Part<Route, "pathParams">;
  readonly query: Part<Route, "query">;
  readonly body: Part<Route, "body">;
  readonly headers: Headers;
  /** Aborted when whoever asks has left. */
  readonly signal: AbortSignal;
  readonly project: Project;
  /** Of the key that asks; on an operation that needs none, `null`. */
  readonly caller: Caller | null;
  readonly store: Store;
  /** What the handler adds to the event in the audit log. */
  readonly audited: { subject?: string; details?: Record<string, unknown> };
  readonly world: World;
}

/**
 * Answers an operation: with the body of its success, or with a whole response where more is to be said.
 *
 * @throws ProblemError
 */
export type Handler<Route> = (call: Call<Route>) => Success<Route> | Response;

/** A handler for each operation of a resource: one that the contract gains breaks the build until it has its own. */
export type Handlers<Routes> = { readonly [Id in keyof Routes]: Handler<Routes[Id]> };
