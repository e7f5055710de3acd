import { fitsBytes } from "../common/byte-length.ts";
import { limits } from "../common/limits.ts";
import { mergedMetadata } from "../common/merge-trace.ts";
import { invalidField, ProblemError } from "./problem.ts";

/** The `X-Request-ID`s that are safe in a log; others are replaced. */
export const safeRequestId = /^[\w.:/+=-]{1,128}$/;

/** The content types of a body. */
export const jsonContentType = /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i;

export function unsupportedMediaType(): ProblemError {
  const detail = "Send the body as JSON, with the header Content-Type: application/json.";
  return new ProblemError("unsupported_media_type", detail);
}

export function malformedJson(why: string): ProblemError {
  return new ProblemError("malformed_json", `The body is not valid JSON: ${why}.`);
}

/** A method of the API, and the path with parameters as `:name`, or `*` at its end. */
export interface MethodAndPath {
  readonly method: string;
  readonly path: string;
}

/** For a request that matches none of these routes: 405 if its path has other methods, otherwise 404. */
export function unknownRoute(
  routes: readonly MethodAndPath[],
  { method, path }: MethodAndPath,
): ProblemError {
  const methods = new Set(routes.filter((route) => matches(route.path, path)).map((route) => route.method));
  if (methods.has("GET")) methods.add("HEAD");
  // A path that the API has but does not serve here, for example because it has a port of its own, has the method
  // itself.
  if (methods.size === 0 || methods.has(method)) {
    return new ProblemError("not_found", `There is no ${method} ${path} in this API.`);
  }
  const allow = [...methods].sort();
  const detail = `${method} ${path} does not exist; this path has ${allow.join(", ")}.`;
  return new ProblemError("method_not_allowed", detail, { allow });
}

function matches(pattern: string, path: string): boolean {
  const [expected, segments] = [pattern.split("/"), path.replace(/(?<=.)\/$/, "").split("/")];
  if (expected.at(-1) !== "*" && expected.length !== segments.length) return false;
  return expected.every(
    (segment, index) =>
      segment === "*" || segment === segments[index] || (segment.startsWith(":") && segments[index] !== ""),
  );
}

/** @throws ProblemError `validation_error` for an `Idempotency-Key` of the wrong length. */
export function checkIdempotencyKey(key: string): void {
  if (key.length >= 1 && key.length <= 255) return;
  const msg = "must have 1 to 255 characters";
  throw new ProblemError("validation_error", `The header Idempotency-Key ${msg}.`, {
    errors: [{ loc: ["header", "Idempotency-Key"], msg, type: "invalid" }],
  });
}

export function idempotencyKeyReused(): ProblemError {
  const detail = "This Idempotency-Key was used with another request. Use a new key for a new request.";
  return new ProblemError("idempotency_key_reused", detail);
}

/** The metadata of a trace or span after a PATCH. @throws ProblemError `validation_error` if it becomes too large */
export function patchedMetadata(
  stored: Readonly<Record<string, unknown>>,
  sent: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged = mergedMetadata(stored, sent);
  if (!fitsBytes(JSON.stringify(merged), limits.objectBytes)) throw metadataTooLarge();
  return merged;
}

export function metadataTooLarge(): ProblemError {
  const msg = `would have more than ${limits.objectBytes} bytes of JSON, together with what is stored`;
  return invalidField("validation_error", "metadata", msg, "too_big");
}

/** The fields of a PATCH. A null for a field that cannot be null counts as not sent. */
export function sentChanges<Update extends object, Field extends keyof Update & string>(
  update: Update,
  neverNull: readonly Field[],
): { [K in keyof Update]?: K extends Field ? NonNullable<Update[K]> : Exclude<Update[K], undefined> } {
  const names: readonly string[] = neverNull;
  const sent = Object.entries(update).filter(
    ([name, value]) => value !== undefined && !(value === null && names.includes(name)),
  );
  return Object.fromEntries(sent) as ReturnType<typeof sentChanges<Update, Field>>;
}
