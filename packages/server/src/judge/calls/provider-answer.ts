import type { APICallError } from "ai";

const LONGEST_MESSAGE = 240;

/** What a provider said of a call that it refused, in its own words on one line, at most 240 characters; or "". */
export function providerMessage(error: APICallError): string {
  const body = parse(error.responseBody);
  const text = firstText(
    at(body, "error", "message"),
    at(body, "error"),
    at(body, "message"),
    at(body, "detail"),
    at(body, 0, "error", "message"),
    // A body that is no JSON is shown if it is text; nobody wants to read a proxy's HTML page.
    body === undefined && !/^\s*</.test(error.responseBody ?? "<") ? error.responseBody : undefined,
  );
  const line = text.replace(/\s+/g, " ").trim().toWellFormed();
  return line.length <= LONGEST_MESSAGE ? line : `${line.slice(0, LONGEST_MESSAGE).trimEnd()}…`;
}

/** The machine-readable names that a provider gave the error: `insufficient_quota`, `context_length_exceeded`. */
export function providerCodes(error: APICallError): string[] {
  const body = parse(error.responseBody);
  const codes = [at(body, "error", "code"), at(body, "error", "type"), at(body, "error", "status")];
  return codes.filter((code) => typeof code === "string");
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
        ? Reflect.get(inner, key)
        : undefined,
    value,
  );
}

function firstText(...candidates: readonly unknown[]): string {
  return candidates.find((candidate) => typeof candidate === "string" && candidate !== "")?.toString() ?? "";
}
