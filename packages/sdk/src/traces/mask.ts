import type { SentTrace } from "./sent-trace.ts";

/** What to hide in traces. The rules that are given all apply. */
export interface MaskRules {
  /** Names of fields whose values are hidden, at any depth and in any case, also in JSON text. */
  readonly keys?: readonly (string | RegExp)[] | undefined;
  /**
   * Where values are hidden, as a path from the trace; `*` is any name or index: `input.card`, `spans.*.output`.
   * Everything below is hidden too.
   */
  readonly paths?: readonly string[] | undefined;
  /** Text that is hidden wherever it occurs, also in names of fields. */
  readonly patterns?: readonly RegExp[] | undefined;
  /** Replaces hidden text: a string, or a function of the hidden text. Default: `[masked]`. */
  readonly replacement?: string | ((text: string) => string) | undefined;
}

/**
 * Hides data that must not leave the process: rules, or a function that gets a copy of the trace as JSON and returns
 * the trace to send.
 *
 * Rules apply to names, input, output, errors, metadata, model parameters, tags, user and session of a trace and its
 * spans. Ids, times, model, tokens and cost stay.
 */
export type Mask = MaskRules | ((trace: SentTrace) => SentTrace);

/** @returns a function that applies the mask to a copy. It throws if the trace is not JSON, or if a callback throws. */
export function masking(mask: Mask | undefined): (trace: SentTrace) => SentTrace {
  if (mask === undefined) return (trace) => trace;
  const apply = typeof mask === "function" ? mask : byRules(mask);
  return (trace) => {
    const masked = apply(JSON.parse(JSON.stringify(trace)) as SentTrace);
    // In the form in which it would be sent: a promise, for example, would be an empty trace.
    if (typeof masked?.name !== "string") throw new TypeError("mask must return a trace.");
    return masked;
  };
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** Fields with text from people and programs. In the others the server accepts only certain values. */
const texts = ["name", "input", "output", "error", "session_id", "user_id", "environment", "release"];
/** Only their values are masked, because the server does not accept text instead of them. */
const containers = ["metadata", "model_parameters", "tags"];

function byRules(rules: MaskRules): (trace: SentTrace) => SentTrace {
  const { replacement = "[masked]" } = rules;
  const replace = typeof replacement === "string" ? () => replacement : replacement;
  const names = (rules.keys ?? []).map((key) => (typeof key === "string" ? key.toLowerCase() : key));
  const paths = (rules.paths ?? []).map((path) => path.split("."));
  const patterns = (rules.patterns ?? []).map(
    ({ source, flags }) => new RegExp(source, `${flags.replace(/[gy]/g, "")}g`),
  );

  const hidesKey = (key: string) =>
    names.some((name) => (typeof name === "string" ? name === key.toLowerCase() : key.search(name) !== -1));
  const hidesPath = (at: readonly string[]) =>
    paths.some((path) => path.length <= at.length && path.every((part, n) => part === "*" || part === at[n]));
  const inText = (text: string) =>
    patterns.reduce((masked, pattern) => masked.replace(pattern, (match) => replace(match)), text);

  const whole = (value: Json): Json => {
    if (value === null) return null;
    return replace(typeof value === "string" ? value : JSON.stringify(value));
  };
  const below = (value: Json, at: readonly string[]): Json => {
    if (typeof value === "string") return inText(inJsonText(value, at));
    if (typeof value === "number") {
      const text = `${value}`;
      const masked = inText(text);
      return masked === text ? value : masked;
    }
    if (Array.isArray(value)) return value.map((item, n) => each(`${n}`, item, at));
    if (value === null || typeof value !== "object") return value;
    const entries = Object.entries(value).map(([key, item]) => [inText(key), each(key, item, at)] as const);
    return Object.fromEntries(entries);
  };
  const each = (key: string, value: Json, parent: readonly string[]): Json => {
    const at = [...parent, key];
    return hidesKey(key) || hidesPath(at) ? whole(value) : below(value, at);
  };
  /** A tool's arguments are often JSON in JSON. */
  const inJsonText = (text: string, at: readonly string[]): string => {
    if (!/^\s*[[{]/.test(text)) return text;
    try {
      const value = JSON.parse(text) as Json;
      const masked = JSON.stringify(below(value, at));
      // Otherwise the text keeps its spaces and the digits of its numbers.
      return masked === JSON.stringify(value) ? text : masked;
    } catch (error) {
      if (error instanceof SyntaxError) return text;
      throw error;
    }
  };
  const maskFields = (fields: Fields, parent: readonly string[]): Fields => {
    const masked = { ...fields };
    for (const name of texts) {
      if (masked[name] !== undefined) masked[name] = each(name, masked[name], parent);
    }
    for (const name of containers) {
      const value = masked[name];
      if (value !== undefined) masked[name] = below(value, [...parent, name]);
    }
    return masked;
  };

  return (trace) => {
    const { spans, ...fields } = trace as unknown as Fields;
    const masked = maskFields(fields, []);
    if (!Array.isArray(spans)) return masked as unknown as SentTrace;
    const maskedSpans = spans.map((span, n) => maskFields(span as Fields, ["spans", `${n}`]));
    return { ...masked, spans: maskedSpans } as unknown as SentTrace;
  };
}
