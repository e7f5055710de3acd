import { readFileSync } from "node:fs";

/** The JSON that a variable holds, or that stands in the file whose path it holds. @throws Error */
export function readJson(text: string): unknown {
  return JSON.parse(text.trimStart().startsWith("{") ? text : readFileSync(text, "utf8"));
}
