import type { RouteMetadata } from "../common/metadata.ts";
import { parseProjectName, projectNameRule } from "../common/project-name.ts";
import type { KeyScope } from "../common/scopes.ts";
import { invalidField, ProblemError } from "./problem.ts";

/** What a key may do, and where. */
export interface KeyAccess {
  readonly scopes: readonly KeyScope[];
  /** The projects it can access, by name. `null`: all. */
  readonly projects: readonly string[] | null;
}

/** Where a route names its project. */
export type ProjectPlace = NonNullable<RouteMetadata["project"]>;

export function missingCredentials(): ProblemError {
  return new ProblemError("missing_credentials", "Send your API key in the header X-API-Key.");
}

export function invalidCredentials(): ProblemError {
  return new ProblemError(
    "invalid_credentials",
    "This API key is unknown, revoked or expired. Check it, or create a new one on the server: pandaprobe-server keys create.",
  );
}

/**
 * Checks a valid key against a route: first the scope, then the project.
 *
 * @param sent the project as the request names it.
 * @returns the name of the project; `null` on a route without one.
 * @throws ProblemError `insufficient_scope`, `invalid_project_name`
 */
export function authorize(
  { scopes, projects }: KeyAccess,
  scope: KeyScope,
  place: ProjectPlace,
  sent: string | null | undefined,
): string | null {
  if (!scopes.includes(scope)) {
    throw new ProblemError(
      "insufficient_scope",
      `This needs a key with the scope ${scope}; this key has ${scopes.join(", ")}.`,
    );
  }
  if (place === "none") return null;
  const name = sent == null ? null : parseProjectName(sent);
  if (name === null) throw invalidProjectName(place, sent ?? null);
  // The same answer whether or not the project exists.
  if (projects !== null && !projects.includes(name)) {
    throw new ProblemError(
      "insufficient_scope",
      `This key has no access to the project ${JSON.stringify(name)}.`,
    );
  }
  return name;
}

function invalidProjectName(place: "header" | "path", sent: string | null): ProblemError {
  const type = sent === null ? "missing" : "invalid";
  if (place === "path") {
    return new ProblemError(
      "invalid_project_name",
      `The project's name in the path must have ${projectNameRule}.`,
      {
        errors: [{ loc: ["path", "project_name"], msg: projectNameRule, type }],
      },
    );
  }
  const detail =
    sent === null
      ? `Name your project in the header X-Project-Name: ${projectNameRule}.`
      : `The header X-Project-Name must have ${projectNameRule}.`;
  return new ProblemError("invalid_project_name", detail, {
    errors: [{ loc: ["header", "X-Project-Name"], msg: projectNameRule, type }],
  });
}

/** @throws ProblemError `validation_error` for a limited key with the scope `admin`: it could give itself any project. */
export function checkKeyAccess({ scopes, projects }: KeyAccess): void {
  if (projects === null || !scopes.includes("admin")) return;
  const msg = "cannot be limited for a key with the scope admin, which applies to the whole organization";
  throw invalidField("validation_error", "projects", msg);
}

export function unknownKey(id: string): ProblemError {
  return new ProblemError("not_found", `There is no API key ${JSON.stringify(id)} that works.`);
}
