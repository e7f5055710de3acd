import { z } from "zod";
import { limits } from "../common/limits.ts";
import { shortened } from "../common/text.ts";
import { SpanCreate } from "../spans.ts";
import { TraceCreate } from "../traces.ts";
import { longestName, meant } from "./meant-name.ts";

/*
 * Unknown names are ignored, because clients of other versions may send them. But a misspelt name means missing data,
 * or a filter without effect, so the response says so.
 */

const traceFields = new Set(Object.keys(TraceCreate.shape));
const spanFields = new Set(Object.keys(SpanCreate.shape));

/** A warning for each field of a trace or of its spans that is ignored. At most {@link limits.issues}. */
export function unknownTraceFields(trace: unknown): string[] {
  const spans = isObject(trace) ? trace["spans"] : undefined;
  const found = unknownFields(trace, "", "a trace", traceFields, limits.issues);
  return [...found, ...unknownSpanFields(spans, "spans.", limits.issues - found.length)];
}

/** The same for a list of spans. */
export function unknownSpanFields(spans: unknown, place = "", most: number = limits.issues): string[] {
  if (!Array.isArray(spans)) return [];
  const found: string[] = [];
  for (const [index, span] of spans.entries()) {
    if (found.length >= most) break;
    found.push(...unknownFields(span, `${place}${index}.`, "a span", spanFields, most - found.length));
  }
  return found;
}

function unknownFields(
  object: unknown,
  place: string,
  what: string,
  known: ReadonlySet<string>,
  most: number,
): string[] {
  if (!isObject(object)) return [];
  const unknown = Object.keys(object).filter((name) => !known.has(name));
  return unknown.slice(0, most).map((name) => {
    return `${place}${shortened(name, longestName)} is not a field of ${what}${meant(name, known)}`;
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const mostParameters = 5;
const mostWarningBytes = 200;
const longestParameter = 60;

/**
 * The header `Warning` for query parameters that an operation does not have, percent-encoded; `null` if it has them all.
 *
 * @param query the operation's schema, if it takes any.
 */
export function unknownParametersWarning(query: unknown, sent: object): string | null {
  const known = query instanceof z.ZodObject ? query.shape : {};
  const unknown = Object.keys(sent).filter((name) => !Object.hasOwn(known, name));
  let names = "";
  for (const name of unknown.slice(0, mostParameters)) {
    const more = `${names}${names === "" ? "" : ", "}${encoded(name)}`;
    if (warning(more).length > mostWarningBytes) break;
    names = more;
  }
  return unknown.length === 0 ? null : warning(names);
}

function warning(names: string): string {
  return `299 - "ignored query parameters: ${names}"`;
}

/** Cut between characters, each of which is up to four percent-encoded bytes. */
function encoded(name: string): string {
  let text = "";
  for (const character of name.slice(0, longestParameter)) {
    const next = text + encodeURIComponent(character.replace(/\p{Surrogate}/u, "\ufffd"));
    if (next.length > longestParameter) break;
    text = next;
  }
  return text;
}
