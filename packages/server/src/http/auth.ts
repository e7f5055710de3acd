import { parseProjectName, projectNameRule, type RouteMetadata } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import { type Caller, type CallingKey, findKey } from "../features/projects/caller.ts";
import type { KeyUses } from "../features/projects/key-uses.ts";
import { AuthFailures } from "./auth-failures.ts";

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
  const config = request.routeOptions.config as { tsRestRoute?: { metadata?: unknown } };
  return config.tsRestRoute?.metadata as RouteMetadata | undefined;
}

export function invalidCredentials(): ProblemError {
  return new ProblemError(
    "invalid_credentials",
    "This API key is unknown, revoked or expired. Check it, or create a new one on the server: pandaprobe-server keys create.",
  );
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
    throw new ProblemError("missing_credentials", "Send your API key in the header X-API-Key.");
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
  if (!key.scopes.includes(scope)) {
    throw new ProblemError(
      "insufficient_scope",
      `This needs a key with the scope ${scope}; this key has ${key.scopes.join(", ")}.`,
    );
  }
  if (project === "none") return;
  if (projectName === null) throw invalidProjectName(project, sent);
  // The same answer whether or not the project exists.
  if (key.projects !== null && !key.projects.includes(projectName)) {
    throw new ProblemError(
      "insufficient_scope",
      `This key does not open the project ${JSON.stringify(projectName)}.`,
    );
  }
  request.caller = { ...key, projectName, projectId };
}

function sentProject(request: FastifyRequest, place: "header" | "path"): string | undefined {
  if (place === "header") return header(request, "x-project-name");
  return (request.params as { project_name?: string }).project_name;
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function invalidProjectName(place: "header" | "path", sent: string | undefined): ProblemError {
  const [detail, loc] =
    place === "path"
      ? [`The project's name in the path must have ${projectNameRule}.`, ["path", "project_name"]]
      : [
          sent === undefined
            ? `Name your project in the header X-Project-Name: ${projectNameRule}.`
            : `The header X-Project-Name must hold ${projectNameRule}.`,
          ["header", "X-Project-Name"],
        ];
  return new ProblemError("invalid_project_name", detail, {
    errors: [{ loc, msg: projectNameRule, type: sent === undefined ? "missing" : "invalid" }],
  });
}
