import type { RouteMetadata } from "@pandaprobe/contract";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "../db/database.ts";
import { ProblemError } from "../features/problem.ts";
import { type Caller, findCaller, parseProjectName } from "../features/projects/projects.ts";
import { AuthFailures } from "./auth-failures.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks; on routes that need no credentials, nobody. */
    caller: Caller | null;
  }
}

export interface AuthSettings {
  /** How many requests without a valid key one address may make in a minute; 0 for as many as come. */
  readonly authFailuresPerMinute: number;
}

/** Checks the credentials of every route that needs them, before its body is read. */
export function registerAuth(
  app: FastifyInstance,
  db: Database,
  { authFailuresPerMinute }: AuthSettings,
): void {
  const failures = new AuthFailures(authFailuresPerMinute);
  app.decorateRequest("caller", null);
  app.addHook("onRequest", async (request) => {
    if (routeMetadata(request)?.auth === true) request.caller = await authenticate(db, request, failures);
  });
}

/** The caller of a route that needs credentials. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} has no caller`);
  return request.caller;
}

/** What the contract says about the route; `undefined` on routes that are not in it. */
export function routeMetadata(request: FastifyRequest): RouteMetadata | undefined {
  const config = request.routeOptions.config as { tsRestRoute?: { metadata?: unknown } };
  return config.tsRestRoute?.metadata as RouteMetadata | undefined;
}

async function authenticate(db: Database, request: FastifyRequest, failures: AuthFailures): Promise<Caller> {
  const apiKey = header(request, "x-api-key") ?? "";
  failures.check(request.ip, apiKey);
  if (apiKey === "") {
    failures.failed(request.ip, apiKey);
    throw new ProblemError("missing_credentials", "Send your API key in the header X-API-Key.");
  }
  const projectHeader = header(request, "x-project-name");
  const projectName = projectHeader === undefined ? null : parseProjectName(projectHeader);
  const caller = await findCaller(db, apiKey, projectName);
  if (caller === null) {
    failures.failed(request.ip, apiKey);
    throw new ProblemError(
      "invalid_credentials",
      "This API key is unknown, revoked or expired. Check it, or make another one on the server: pandaprobe-server keys create.",
    );
  }
  failures.succeeded(apiKey);
  if (projectName === null) throw invalidProjectName(projectHeader);
  return { ...caller, projectName };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function invalidProjectName(sent: string | undefined): ProblemError {
  const rule = "1 to 255 ASCII letters, digits, spaces and _ . ' -, the first and last a letter or digit";
  const detail =
    sent === undefined
      ? `Name your project in the header X-Project-Name: ${rule}.`
      : `The header X-Project-Name must hold ${rule}.`;
  return new ProblemError("invalid_project_name", detail, {
    errors: [
      { loc: ["header", "X-Project-Name"], msg: rule, type: sent === undefined ? "missing" : "invalid" },
    ],
  });
}
