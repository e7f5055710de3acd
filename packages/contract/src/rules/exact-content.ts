import { exactIntegers } from "../common/exact-integers.ts";

/** What agents and people wrote, in which a number may be an id. Numbers of all other fields are counts and amounts. */
const contents = new Set(["input", "output", "metadata", "model_parameters"]);

/** What holds objects with such fields. */
const holders = new Set(["traces", "spans", "scores"]);

/**
 * Parses a request's body. In the contents of traces, spans and scores, integers that JavaScript cannot represent become
 * texts, which keep their digits.
 *
 * @throws SyntaxError
 */
export function parseExactContent(json: string): unknown {
  const body: unknown = JSON.parse(json);
  const exact = exactIntegers(json);
  return exact === json ? body : withContents(body, JSON.parse(exact));
}

/** A body with the contents of another one, which has the same form. */
function withContents(body: unknown, exact: unknown): unknown {
  if (Array.isArray(body) && Array.isArray(exact)) {
    return body.map((item, index) => withContents(item, exact[index]));
  }
  if (!(isRecord(body) && isRecord(exact))) return body;
  // `fromEntries` defines properties, so a key `__proto__` stays a key.
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => {
      if (contents.has(name)) return [name, exact[name]];
      return [name, holders.has(name) ? withContents(value, exact[name]) : value];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
