import type { ApiKeyInfo, RouteMetadata } from "@pandaprobe/contract";
import { authorize, invalidCredentials, missingCredentials } from "@pandaprobe/contract/rules";
import type { Keys } from "../state/keys.ts";

/** The key of a request, and the project that it names; `null` on a route without a project. */
export interface Caller {
  readonly key: ApiKeyInfo;
  readonly projectName: string | null;
}

/**
 * @param path the path parameters.
 * @returns the caller; `null` on a route that needs no key.
 * @throws ProblemError in the order of the server: for the key, for its scope, for the project.
 */
export function authenticate(
  { scope, project = "header" }: RouteMetadata,
  headers: Headers,
  path: Readonly<Record<string, unknown>>,
  keys: Keys,
): Caller | null {
  if (scope === null) return null;
  const sentKey = headers.get("x-api-key") ?? "";
  if (sentKey === "") throw missingCredentials();
  const key = keys.use(sentKey);
  if (key === undefined) throw invalidCredentials();
  const sent = project === "header" ? headers.get("x-project-name") : String(path["project_name"]);
  return { key, projectName: authorize(key, scope, project, sent) };
}
