import { jsonrepair } from "jsonrepair";
import type { z } from "zod";
import type { LanguageModel } from "../providers/provider.ts";
import { findObjects } from "./find-objects.ts";
import { afterFirstBlock, stripReasoning } from "./strip-reasoning.ts";

/** An answer, or why there is none. `problem` completes "answered in the wrong form (…)". */
export type ReadAnswer<Answer> = { readonly answer: Answer } | { readonly problem: string };

/** How to read an answer. */
export interface ReadOptions {
  /** The prompt. An object that the model quotes from it is not its answer. */
  readonly shown: string;
  /** Whether the answer was cut off. Then only a complete, well-formed object counts; anything else may be a draft. */
  readonly cut?: boolean;
}

/**
 * Repairing hostile texts takes quadratic time. Real answers are far shorter; longer ones must be well-formed, or
 * they are asked for again.
 */
const MOST_REPAIRED_CHARS = 16_000;
/** A text with more objects is not an answer but a list of something. */
const MOST_OBJECTS = 64;
/** How many wrappers around an answer are removed. */
const MOST_WRAPPERS = 3;

/**
 * Finds the answer in a text. Reasoning is removed first. If the rest, without a code fence, is one object, it is the
 * answer, perhaps after a mild repair. An object within other text only counts if there is no different answer beside
 * it, and if the model did not quote it from the prompt.
 */
export function readAnswer<Answer>(
  schema: z.ZodType<Answer>,
  text: string,
  { shown, cut = false }: ReadOptions,
): ReadAnswer<Answer> {
  // The unchanged text first, because its strings may contain reasoning tags.
  const strict = checked(schema, parse(unfence(text)));
  if ("answer" in strict) return strict;
  const rest = stripReasoning(text);
  const wholes = [rest, afterFirstBlock(text)].filter((whole) => whole !== undefined);
  let problem = strict.problem;
  for (const whole of wholes) {
    const object = unfence(whole);
    const read = checked(schema, parse(object) ?? (cut ? undefined : repair(object)));
    if ("answer" in read) return read;
    problem ??= read.problem;
  }
  const dug = cut ? undefined : readFromProse(schema, rest, shown);
  return dug ?? { problem: problem ?? "no JSON" };
}

function readFromProse<Answer>(
  schema: z.ZodType<Answer>,
  text: string,
  shown: string,
): ReadAnswer<Answer> | undefined {
  const objects = findObjects(text);
  if (objects.length > MOST_OBJECTS) return undefined;
  const answers = new Map<string, { readonly answer: Answer; readonly text: string }>();
  let problem: string | undefined;
  let repairable = MOST_REPAIRED_CHARS;
  for (const object of objects) {
    let value = parse(object);
    if (value === undefined && object.length <= repairable) {
      repairable -= object.length;
      value = repair(object);
    }
    const read = checked(schema, value);
    if ("answer" in read) answers.set(JSON.stringify(read.answer), { answer: read.answer, text: object });
    else problem ??= read.problem;
  }
  const [first, second] = answers.values();
  if (first === undefined) return problem === undefined ? undefined : { problem };
  if (second !== undefined) return { problem: "several different answers" };
  const shownText = withoutFormatting(shown);
  const isQuoted = [first.text, JSON.stringify(first.answer)].some((quoted) =>
    shownText.includes(withoutFormatting(quoted)),
  );
  return isQuoted ? { problem: "text around an object quoted from the trace" } : { answer: first.answer };
}

/** A text for comparison: without anything that changes when JSON is escaped, quoted or reformatted. */
function withoutFormatting(text: string): string {
  return text
    .replace(/\\+u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\+[nrtbf]|[\s"'`\\]/g, "")
    .toLowerCase();
}

/** Without the code fence around it. */
function unfence(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith("```") || !trimmed.endsWith("```") || trimmed.length < 6) return trimmed;
  const inner = trimmed.slice(3, -3);
  return inner.replace(/^[\w-]{0,20}(?=\s|\{|")/, "").trim();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Parses text that is nearly JSON; undefined if it is not closed, because its end may be missing. */
function repair(text: string): unknown {
  if (!text.startsWith("{") || !text.endsWith("}") || text.length > MOST_REPAIRED_CHARS) return undefined;
  try {
    return JSON.parse(jsonrepair(text));
  } catch {
    return undefined;
  }
}

/** There is no problem to report for something that is not an object. */
type Checked<Answer> = { readonly answer: Answer } | { readonly problem: string | undefined };

/** Checks a value against the schema, even if it is wrapped: a string of JSON, `{"answer": …}`, a tool call. */
function checked<Answer>(
  schema: z.ZodType<Answer>,
  value: unknown,
  wrappers = MOST_WRAPPERS,
): Checked<Answer> {
  if (typeof value === "string" && wrappers > 0)
    return checked(schema, parse(unfence(stripReasoning(value))), wrappers - 1);
  if (typeof value !== "object" || value === null) return { problem: undefined };
  const result = parseLeniently(schema, value);
  if (result.success) return { answer: result.data };
  const inner = wrappers > 0 ? wrapped(value) : undefined;
  const read = inner === undefined ? undefined : checked(schema, inner, wrappers - 1);
  if (read !== undefined && "answer" in read) return read;
  // If the schema knows a key, this is the answer that went wrong, and not a wrapper around it.
  const isAnswer = result.error.issues.some(({ path: [key] }) => key !== undefined && key in value);
  return { problem: (isAnswer ? undefined : read?.problem) ?? problemOf(result.error) };
}

function wrapped(value: object): unknown {
  if (Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  if (entries.length === 1) return entries[0]?.[1];
  // A tool call in the text: {"name": …, "arguments": …}.
  const call = Object.fromEntries(entries);
  return entries.length === 2 && typeof call["name"] === "string"
    ? (call["arguments"] ?? call["parameters"])
    : undefined;
}

const NUMBER = /^\s{0,8}[+-]?\d{1,17}(?:\.\d{1,30})?\s{0,8}$/;

/** Parses a value in which numbers may be written as strings. */
function parseLeniently<Answer>(schema: z.ZodType<Answer>, value: object): z.ZodSafeParseResult<Answer> {
  const result = schema.safeParse(value);
  if (result.success) return result;
  const wanted = result.error.issues.filter(
    (issue) => issue.code === "invalid_type" && (issue.expected === "number" || issue.expected === "int"),
  );
  if (wanted.length === 0) return result;
  const copy = structuredClone(value);
  for (const { path } of wanted) toNumber(copy, path);
  return schema.safeParse(copy);
}

function toNumber(value: object, path: readonly PropertyKey[]): void {
  const key = path.at(-1);
  const parent = path.slice(0, -1).reduce<unknown>((inner, step) => ownValue(inner, step), value);
  const text = ownValue(parent, key);
  if (key !== undefined && typeof parent === "object" && parent !== null && isNumeric(text))
    Object.defineProperty(parent, key, { value: Number(text) });
}

function ownValue(value: unknown, key: PropertyKey | undefined): unknown {
  if (typeof value !== "object" || value === null || key === undefined) return undefined;
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

function isNumeric(text: unknown): text is string {
  return typeof text === "string" && NUMBER.test(text);
}

/** How a value violates the schema, in a few words, without quoting the value. */
function problemOf({ issues: [issue] }: z.ZodError): string | undefined {
  if (issue === undefined) return undefined;
  const path = issue.path.join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

/**
 * The text of an answer: the model's text and the arguments of its tool calls, whatever the tools' names. If there
 * are none, its reasoning, because some gateways put the answer there.
 */
export function answerText(content: Awaited<ReturnType<LanguageModel["doGenerate"]>>["content"]): string {
  const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
  const calls = content.flatMap((part) => (part.type === "tool-call" ? [part.input] : []));
  if (calls.length > 0) return [...(text.includes("{") ? [text] : []), ...calls].join("\n");
  if (text.trim() !== "") return text;
  return content.map((part) => (part.type === "reasoning" ? part.text : "")).join("\n");
}
