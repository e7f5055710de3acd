import type { ApiPromise, PagePromise, PandaProbeOptions, RequestOptions } from "@pandaprobe/sdk";
import type {
  ApiKeyInfo,
  AuditEvent,
  CreateApiKeyRequest,
  CreatedApiKey,
  ListApiKeysQuery,
  ListAuditEventsQuery,
  ListProjectsQuery,
  ProjectListItem,
  ProjectUsage,
  RotateApiKeyRequest,
  ServerSettings,
} from "../generated/types.ts";
import { OpenRequests } from "../open-requests.ts";

/** The options of the client in `@pandaprobe/sdk`, without a project: administration concerns the whole organization. */
export type PandaProbeAdminOptions = Omit<PandaProbeOptions, "projectName">;

/**
 * Manages projects and API keys, and shows the settings of the server. Needs a key with the scope `admin` (and
 * `read`, to list projects). Options, retries and errors are those of the client in `@pandaprobe/sdk`.
 *
 * @example
 * ```ts
 * import { PandaProbeAdmin } from "@pandaprobe/sdk/admin";
 *
 * const admin = new PandaProbeAdmin({ endpoint: "https://pandaprobe.example.com" });
 * const { key } = await admin.createApiKey({ name: "ingestion", scopes: ["ingest"], projects: ["my-agent"] });
 * ```
 */
export class PandaProbeAdmin {
  readonly #requests: OpenRequests;

  /** @throws PandaProbeError or TypeError, like the client in `@pandaprobe/sdk`. */
  constructor(options: PandaProbeAdminOptions = {}) {
    // The client requires a project. The server ignores it for these operations.
    this.#requests = new OpenRequests({ ...options, projectName: "none" });
  }

  /**
   * Lists the projects that the key may access, by name. Await it to get one page of `limit` projects (50 by default),
   * or use `for await` to get all from that page on.
   *
   * @throws ApiError with the code `insufficient_scope` for a key without `read`.
   * @example
   * ```ts
   * for await (const { name, traces, last_trace_at } of admin.listProjects()) console.log(name, traces, last_trace_at);
   * ```
   */
  listProjects(query?: ListProjectsQuery, options?: RequestOptions): PagePromise<ProjectListItem> {
    return this.#requests.page("listProjects", ["GET", "/projects"], [], query, options);
  }

  /**
   * Gets a project's usage of its quotas.
   *
   * @throws NotFoundError if there is no such project.
   * @example
   * ```ts
   * const { usd_today } = await admin.getProjectUsage("my-agent");
   * ```
   */
  getProjectUsage(project: string, options?: RequestOptions): ApiPromise<ProjectUsage> {
    return this.#requests.request("getProjectUsage", ["GET", "/projects/:/usage"], [project], {}, options);
  }

  /**
   * Deletes a project with everything in it. It disappears from the API at once; its data is erased soon after.
   *
   * @throws NotFoundError if there is no such project.
   * @example
   * ```ts
   * await admin.deleteProject("my-agent");
   * ```
   */
  deleteProject(project: string, options?: RequestOptions): ApiPromise<undefined> {
    return this.#requests.request("deleteProject", ["DELETE", "/projects/:"], [project], {}, options);
  }

  /**
   * Creates a key. The response is the only place where the key is shown. Not retried unless you set `retries`,
   * because an attempt whose response is lost may have created a key.
   *
   * @throws ValidationError for a key with `admin` that is limited to some projects.
   * @example
   * ```ts
   * const { id, key } = await admin.createApiKey({ name: "ci", scopes: ["read", "evaluate"] });
   * ```
   */
  createApiKey(body: CreateApiKeyRequest, options?: RequestOptions): ApiPromise<CreatedApiKey> {
    return this.#requests.request("createApiKey", ["POST", "/keys", "once"], [], { body }, options);
  }

  /**
   * Lists the organization's keys, newest first. Await it to get one page of `limit` keys (50 by default), or use `for
   * await` to get all from that page on.
   *
   * @example
   * ```ts
   * for await (const { name, hint, last_used_at } of admin.listApiKeys()) console.log(name, hint, last_used_at);
   * ```
   */
  listApiKeys(query?: ListApiKeysQuery, options?: RequestOptions): PagePromise<ApiKeyInfo> {
    return this.#requests.page("listApiKeys", ["GET", "/keys"], [], query, options);
  }

  /**
   * Creates a key with the name, scopes and projects of another one, which keeps working for `overlap_seconds` (a day
   * by default). Not retried unless you set `retries`.
   *
   * @throws NotFoundError if there is no such key that works.
   * @example
   * ```ts
   * const { key } = await admin.rotateApiKey("66666666-6666-6666-6666-666666666666", { overlap_seconds: 3600 });
   * ```
   */
  rotateApiKey(
    keyId: string,
    body?: RotateApiKeyRequest,
    options?: RequestOptions,
  ): ApiPromise<CreatedApiKey> {
    return this.#requests.request(
      "rotateApiKey",
      ["POST", "/keys/:/rotate", "once"],
      [keyId],
      { body },
      options,
    );
  }

  /**
   * Makes a key stop working. Its open streams end within a few seconds.
   *
   * @throws NotFoundError if there is no such key, or it is revoked already.
   * @example
   * ```ts
   * await admin.revokeApiKey("66666666-6666-6666-6666-666666666666");
   * ```
   */
  revokeApiKey(keyId: string, options?: RequestOptions): ApiPromise<undefined> {
    return this.#requests.request("revokeApiKey", ["DELETE", "/keys/:"], [keyId], {}, options);
  }

  /**
   * Lists who did what, newest first: changes of keys, deletions, changes of settings and monitors. Await it to get one
   * page of `limit` events (50 by default), or use `for await` to get all from that page on.
   *
   * @example
   * ```ts
   * const { items } = await admin.listAuditEvents({ limit: 10 });
   * ```
   */
  listAuditEvents(query?: ListAuditEventsQuery, options?: RequestOptions): PagePromise<AuditEvent> {
    return this.#requests.page("listAuditEvents", ["GET", "/audit-log"], [], query, options);
  }

  /**
   * Gets the operator's configuration of the server: providers and what is missing for them, prices, limits and
   * retention, but no keys, passwords or addresses.
   *
   * @example
   * ```ts
   * const { providers, prices } = await admin.getSettings();
   * ```
   */
  getSettings(options?: RequestOptions): ApiPromise<ServerSettings> {
    return this.#requests.request("getSettings", ["GET", "/settings"], [], {}, options);
  }
}
