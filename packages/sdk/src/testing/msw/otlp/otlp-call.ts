import type { Project } from "../state/project.ts";
import type { Store } from "../store.ts";

/** The part of a request that a receiver needs. */
export interface OtlpCall {
  readonly request: object;
  /** The project that the request names; `null` if each resource has its own. */
  readonly named: string | null;
  readonly store: Store;
  /** The project with this name. @throws ProblemError if the key may not write to it. */
  open(name: string): Project;
}
