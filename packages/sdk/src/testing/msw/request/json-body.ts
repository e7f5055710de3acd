import { ProblemError } from "@pandaprobe/contract/rules";
import { storable } from "./storable.ts";

const mostBytes = 10 * 1024 * 1024;
const jsonType = /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i;

/** The body as the server reads it; `undefined` where there is none. @throws ProblemError */
export function jsonBody(text: string, contentType: string | null): unknown {
  if (text === "") return undefined;
  if (contentType === null || !jsonType.test(contentType)) {
    const detail = "Send the body as JSON, with the header Content-Type: application/json.";
    throw new ProblemError("unsupported_media_type", detail);
  }
  if (new TextEncoder().encode(text).length > mostBytes) {
    throw new ProblemError("body_too_large", "The body is larger than this server takes. Send less at once.");
  }
  try {
    return storable(JSON.parse(text));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProblemError("malformed_json", `The body is not valid JSON: ${why}.`);
  }
}
