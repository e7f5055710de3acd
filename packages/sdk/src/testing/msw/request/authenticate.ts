import { ProblemError } from "../problem-error.ts";

const projectNamePattern = /^[A-Za-z0-9](?:[A-Za-z0-9 _.'-]{0,253}[A-Za-z0-9])?$/;
const rule = "1 to 255 ASCII letters, digits, spaces and _ . ' -, the first and last a letter or digit";

/**
 * The project that a request is for.
 *
 * @param apiKeys the keys that are known; any, where there is none.
 * @throws ProblemError as the server: first for the key, then for the project's name.
 */
export function authenticate(headers: Headers, apiKeys: readonly string[] | undefined): string {
  const key = headers.get("x-api-key") ?? "";
  if (key === "") throw new ProblemError("missing_credentials", "Send your API key in the header X-API-Key.");
  if (apiKeys !== undefined && !apiKeys.includes(key)) {
    throw new ProblemError(
      "invalid_credentials",
      "This API key is unknown, revoked or expired. Check it, or make another one on the server: pandaprobe-server keys create.",
    );
  }
  const sent = headers.get("x-project-name");
  const name = sent?.trim() ?? "";
  if (projectNamePattern.test(name)) return name;
  const detail =
    sent === null
      ? `Name your project in the header X-Project-Name: ${rule}.`
      : `The header X-Project-Name must hold ${rule}.`;
  throw new ProblemError("invalid_project_name", detail, {
    errors: [{ loc: ["header", "X-Project-Name"], msg: rule, type: sent === null ? "missing" : "invalid" }],
  });
}
