import type { ApiPromise } from "../api-promise.ts";
import type {
  GetSessionQuery,
  ListSessionsQuery,
  SessionDetail,
  SessionSummary,
} from "../generated/types.ts";
import type { PagePromise } from "../page-promise.ts";
import type { RequestOptions } from "../request-options.ts";
import { TraceMethods } from "./trace-methods.ts";

export abstract class SessionMethods extends TraceMethods {
  /**
   * Lists sessions (all traces of one conversation make a session), latest activity first unless `sort_by` and
   * `sort_order` say otherwise. Filters choose sessions that have a matching trace. Awaited, it gives one page (50 unless
   * `limit` says otherwise); `for await` gives all from there on.
   *
   * @throws ValidationError for a filter that cannot be read.
   * @example
   * ```ts
   * const { items, total } = await client.listSessions({ has_error: true });
   * ```
   */
  declare listSessions: (query?: ListSessionsQuery, options?: RequestOptions) => PagePromise<SessionSummary>;

  /**
   * Gets a session with a page of its traces (200 unless `limit` says otherwise), in the order they started.
   *
   * @throws NotFoundError where the project has no such session; TypeError for an id of `""`, `.` or `..`.
   * @example
   * ```ts
   * const session = await client.getSession("support/4711", { limit: 20 });
   * ```
   */
  declare getSession: (
    sessionId: string,
    query?: GetSessionQuery,
    options?: RequestOptions,
  ) => ApiPromise<SessionDetail>;
}
