import { type ApiKeyInfo, parseProjectName, projectNameRule, type RouteMetadata } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import type { Keys } from "../state/keys.ts";

/** Who asks, and for which project, by name; `null` where it is about none. */
export interface Caller {
  readonly key: ApiKeyInfo;
  readonly projectName: string | null;
}

/**
 * The key that a request came with, and the project that it is for.
 *
 * @param path the values in the path.
 * @throws ProblemError as the server: first for the key, then for what it may do, then for the project.
 */
export function authenticate(
  { scope, project = "header" }: RouteMetadata,
  headers: Headers,
  path: Readonly<Record<string, unknown>>,
  keys: Keys,
): Caller | null {
  if (scope === null) return null;
  const sentKey = headers.get("x-api-key") ?? "";
  if (sentKey === "") {
    throw new ProblemError("missing_credentials", "Send your API key in the header X-API-Key.");
  }
  const key = keys.use(sentKey);
  if (key === undefined) {
    throw new ProblemError(
      "invalid_credentials",
      "This API key is unknown, revoked or expired. Check it, or make another one on the server: pandaprobe-server keys create.",
    );
  }
  if (!key.scopes.includes(scope)) {
    throw new ProblemError(
      "insufficient_scope",
      `This needs a key with the scope ${scope}; this key has ${key.scopes.join(", ")}.`,
    );
  }
  if (project === "none") return { key, projectName: null };
  const sent = project === "header" ? headers.get("x-project-name") : String(path["project_name"]);
  const projectName = sent === null ? null : parseProjectName(sent);
  if (projectName === null) throw invalidProjectName(project, sent);
  if (key.projects !== null && !key.projects.includes(projectName)) {
    throw new ProblemError(
      "insufficient_scope",
      `This key does not open the project ${JSON.stringify(projectName)}.`,
    );
  }
  return { key, projectName };
}

function invalidProjectName(place: "header" | "path", sent: string | null): ProblemError {
  const inHeader =
    sent === null
      ? `Name your project in the header X-Project-Name: ${projectNameRule}.`
      : `The header X-Project-Name must hold ${projectNameRule}.`;
  const detail = place === "path" ? `The project's name in the path must have ${projectNameRule}.` : inHeader;
  const loc = place === "path" ? ["path", "project_name"] : ["header", "X-Project-Name"];
  return new ProblemError("invalid_project_name", detail, {
    errors: [{ loc, msg: projectNameRule, type: sent === null ? "missing" : "invalid" }],
  });
}
