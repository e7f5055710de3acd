import {
  type ApiPromise,
  type Page,
  PagePromise,
  PandaProbe,
  type PandaProbeOptions,
  type RequestOptions,
} from "@pandaprobe/sdk";
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
} from "../generated/types.ts";

/** As those of the client of `@pandaprobe/sdk`, without a project: administration is about the whole organization. */
export type PandaProbeAdminOptions = Omit<PandaProbeOptions, "projectName">;

/**
 * Manages projects and API keys, with a key that has the scope `admin` (and `read`, to list projects). Options, retries and
 * errors are those of the client of `@pandaprobe/sdk`.
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
  readonly #requests: Requests;

  /** @throws PandaProbeError as the client of `@pandaprobe/sdk`. */
  constructor(options: PandaProbeAdminOptions = {}) {
    // The client wants a project. These operations are about none, and the server does not look at it.
    this.#requests = new Requests({ ...options, projectName: "none" });
  }

  /**
   * Lists the projects that the key opens, by name. Awaited, it gives one page (50 unless `limit` says otherwise); `for
   * await` gives all from there on.
   *
   * @throws ApiError with the code `insufficient_scope` for a key without `read`.
   * @example
   * ```ts
   * for await (const { name, traces, last_trace_at } of admin.listProjects()) console.log(name, traces, last_trace_at);
   * ```
   */
  listProjects(query?: ListProjectsQuery, options?: RequestOptions): PagePromise<ProjectListItem> {
    return this.#requests.page("listProjects", "/projects", query, options);
  }

  /**
   * Gets what a project uses of its quotas.
   *
   * @throws NotFoundError where there is no such project.
   * @example
   * ```ts
   * const { usd_today } = await admin.getProjectUsage("my-agent");
   * ```
   */
  getProjectUsage(project: string, options?: RequestOptions): ApiPromise<ProjectUsage> {
    return this.#requests.request("getProjectUsage", "GET /projects/:/usage", [project], {}, options);
  }

  /**
   * Deletes a project with everything in it. It is gone from the API at once, and erased soon.
   *
   * @throws NotFoundError where there is no such project.
   * @example
   * ```ts
   * await admin.deleteProject("my-agent");
   * ```
   */
  deleteProject(project: string, options?: RequestOptions): ApiPromise<undefined> {
    return this.#requests.request("deleteProject", "DELETE /projects/:", [project], {}, options);
  }

  /**
   * Makes a key; the answer is the only place where it stands. Tries once, unless `retries` says otherwise: a try whose
   * answer is lost may have made a key.
   *
   * @throws ValidationError for a key with `admin` that is to open some projects only.
   * @example
   * ```ts
   * const { id, key } = await admin.createApiKey({ name: "ci", scopes: ["read", "evaluate"] });
   * ```
   */
  createApiKey(body: CreateApiKeyRequest, options?: RequestOptions): ApiPromise<CreatedApiKey> {
    return this.#requests.request("createApiKey", "POST /keys", [], { body }, { retries: 0, ...options });
  }

  /**
   * Lists the organization's keys, newest first. Awaited, it gives one page (50 unless `limit` says otherwise); `for await`
   * gives all from there on.
   *
   * @example
   * ```ts
   * for await (const { name, hint, last_used_at } of admin.listApiKeys()) console.log(name, hint, last_used_at);
   * ```
   */
  listApiKeys(query?: ListApiKeysQuery, options?: RequestOptions): PagePromise<ApiKeyInfo> {
    return this.#requests.page("listApiKeys", "/keys", query, options);
  }

  /**
   * Makes a key like another one, which goes on working for `overlap_seconds` (a day, unless said otherwise). Tries once,
   * unless `retries` says otherwise.
   *
   * @throws NotFoundError where there is no such key that works.
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
      "POST /keys/:/rotate",
      [keyId],
      { body },
      { retries: 0, ...options },
    );
  }

  /**
   * Makes a key stop working. Streams that it has open end within a few seconds.
   *
   * @throws NotFoundError where there is no such key, or it was revoked before.
   * @example
   * ```ts
   * await admin.revokeApiKey("66666666-6666-6666-6666-666666666666");
   * ```
   */
  revokeApiKey(keyId: string, options?: RequestOptions): ApiPromise<undefined> {
    return this.#requests.request("revokeApiKey", "DELETE /keys/:", [keyId], {}, options);
  }

  /**
   * Lists who did what, newest first: changes of keys, deletions, changes of settings and monitors. Awaited, it gives one page
   * (50 unless `limit` says otherwise); `for await` gives all from there on.
   *
   * @example
   * ```ts
   * const { items } = await admin.listAuditEvents({ limit: 10 });
   * ```
   */
  listAuditEvents(query?: ListAuditEventsQuery, options?: RequestOptions): PagePromise<AuditEvent> {
    return this.#requests.page("listAuditEvents", "/audit-log", query, options);
  }
}

/** The client, for operations that are not in its route map. */
class Requests extends PandaProbe {
  request<Data>(
    operation: string,
    route: string,
    ids: readonly string[],
    input: { readonly query?: object; readonly body?: unknown },
    options: RequestOptions | undefined,
  ): ApiPromise<Data> {
    const [method = "", path = ""] = route.split(" ");
    // The types of the main client know the operations of its own route map.
    const sent = { ...input, route: { method, path, takes: "" } } as never;
    return this.call(operation as never, ids as never, sent, options) as ApiPromise<Data>;
  }

  page<Item>(
    operation: string,
    path: string,
    query: object | undefined,
    options: RequestOptions | undefined,
  ): PagePromise<Item> {
    return new PagePromise((from) =>
      this.request<Page<Item>>(
        operation,
        `GET ${path}`,
        [],
        { query: { ...query, ...from } },
        options,
      ).withResponse(),
    );
  }
}
