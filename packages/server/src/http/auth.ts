import type { RouteMetadata } from "@pandaprobe/contract";
import {
  authorize,
  invalidCredentials,
  missingCredentials,
  parseProjectName,
} from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import { type Caller, type CallingKey, findKey } from "../features/projects/caller.ts";
import type { KeyUses } from "../features/projects/key-uses.ts";
import { AuthFailures } from "./auth-failures.ts";
import { contractRoute } from "./contract-route.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The API key of the request; `null` on routes that need none. */
    key: CallingKey | null;
    /** The key with the project of the request; `null` on routes without a project. */
    caller: Caller | null;
  }
}

export interface AuthSettings {
  /** How many requests without a valid key an address may make in a minute; 0 for no limit. */
  readonly authFailuresPerMinute: number;
}

/** Checks the key, scope and project of every route that needs credentials, before the body is read. */
export function registerAuth(
  app: FastifyInstance,
  db: Database,
  uses: KeyUses,
  { authFailuresPerMinute }: AuthSettings,
): void {
  const failures = new AuthFailures(authFailuresPerMinute);
  app.decorateRequest("key", null);
  app.decorateRequest("caller", null);
  app.addHook("onRequest", async (request) => {
    const metadata = routeMetadata(request);
    if (metadata === undefined || metadata.scope === null) return;
    await authenticate(db, request, { ...metadata, scope: metadata.scope }, failures);
    uses.note(keyOf(request).apiKeyId);
  });
}

/** The key of a request to a route that needs one. */
export function keyOf(request: FastifyRequest): CallingKey {
  if (request.key === null) throw new Error(`${request.routeOptions.url} does not authenticate its requests`);
  return request.key;
}

/** The caller of a request to a route with a project. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} does not name a project`);
  return request.caller;
}

/** The contract's metadata of the route; `undefined` on routes outside the contract. */
export function routeMetadata(request: FastifyRequest): RouteMetadata | undefined {
  return contractRoute(request)?.metadata as RouteMetadata | undefined;
}

async function authenticate(
  db: Database,
  request: FastifyRequest,
  { scope, project = "header" }: RouteMetadata & { readonly scope: NonNullable<RouteMetadata["scope"]> },
  failures: AuthFailures,
): Promise<void> {
  const apiKey = header(request, "x-api-key") ?? "";
  failures.check(request.ip, apiKey);
  if (apiKey === "") {
    failures.failed(request.ip, apiKey);
    throw missingCredentials();
  }
  const sent = project === "none" ? undefined : sentProject(request, project);
  const projectName = sent === undefined ? null : parseProjectName(sent);
  const found = await findKey(db, apiKey, projectName);
  if (found === null) {
    failures.failed(request.ip, apiKey);
    throw invalidCredentials();
  }
  failures.succeeded(apiKey);
  const { projectId, ...key } = found;
  request.key = key;
  // Checks the access before the project is looked up, so the answer is the same whether or not it exists.
  const name = authorize(key, scope, project, sent);
  if (name !== null) request.caller = { ...key, projectName: name, projectId };
}

function sentProject(request: FastifyRequest, place: "header" | "path"): string | undefined {
  if (place === "header") return header(request, "x-project-name");
  return (request.params as { project_name?: string }).project_name;
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
