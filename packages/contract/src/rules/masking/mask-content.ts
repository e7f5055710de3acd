import { exactIntegers } from "../../common/exact-integers.ts";
import type { MaskedContent } from "../../common/metadata.ts";

/** Compiled rules. */
export interface Masking {
  /** What replaces the value of a field with this name; `undefined` if no rule hides it. */
  readonly byKey: (key: string) => string | undefined;
  /** Where values are hidden with everything below, and what replaces them. */
  readonly paths: readonly MaskedPath[];
  /** Hides parts of a text. */
  readonly text: (text: string) => string;
  /** Whether there are rules about names, which also apply in JSON text. */
  readonly hasNames: boolean;
}

interface MaskedPath {
  /** The rest of the path at this point of the walk: names and `*` with dots between them; empty at its end. */
  readonly rest: string;
  readonly mark: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The rules whose path leads to this point of the walk. */
type Paths = readonly MaskedPath[];

/** Fields with one text of limited length. */
const texts = ["name", "error", "environment", "release"] as const;
const values = ["input", "output"] as const;
/** Their contents are masked, but they stay objects and lists. */
const containers = ["metadata", "model_parameters"] as const;
/** They identify, so only a path that names them hides them. */
const identities = ["session_id", "user_id"] as const;
/** What paths may begin with: fields of a trace, and the reason of a score. */
const outerFields = [
  ...values,
  "metadata",
  "name",
  "tags",
  "environment",
  "release",
  ...identities,
  "reason",
];
const spanFields = [...values, ...containers, "name", "error"];
/** Every text field takes at least this many characters. */
const shortestLimit = 255;
/** JSON inside a text may nest deeper than a body, and the walk recurses. */
const mostLevels = 700;

/**
 * Applies the rules to a request's body, before anything reads it. Ids, kinds, times, models, numbers and the names of
 * fields stay. A body of another form is returned as it is.
 */
export function maskContent(masking: Masking, content: MaskedContent, body: unknown): unknown {
  const { paths } = masking;
  const below = (...names: readonly string[]) => names.reduce(enter, paths);
  switch (content) {
    case "trace":
      return maskTrace(masking, body);
    case "traces":
      return inFields(body, (name, value) =>
        name === "traces" ? inList(value, (trace) => maskTrace(masking, trace)) : value,
      );
    case "span":
      return maskFields(masking, body, below("spans", "0"));
    case "spans":
      return inList(body, (span, n) => maskFields(masking, span, below("spans", `${n}`)));
    case "tags":
      return inFields(body, (name, value) =>
        name === "add" || name === "remove" ? maskTags(masking, value, below("tags")) : value,
      );
    case "score":
      return maskScore(masking, body);
    case "scores":
      return inFields(body, (name, value) =>
        name === "scores" ? inList(value, (score) => maskScore(masking, score)) : value,
      );
  }
}

function maskTrace(masking: Masking, trace: unknown): unknown {
  const masked = maskFields(masking, trace, masking.paths);
  return inFields(masked, (name, value) => {
    if (name !== "spans") return value;
    const paths = enter(masking.paths, "spans");
    return inList(value, (span, n) => maskFields(masking, span, enter(paths, `${n}`)));
  });
}

/** A score's name and value are matched with those of others, so they stay. */
function maskScore(masking: Masking, score: unknown): unknown {
  const walk = new Walk(masking);
  return inFields(score, (name, value) => {
    const inside = enter(masking.paths, name);
    if (name === "reason") return limited(value, walk.field(name, value, inside, 0));
    return name === "metadata" ? walk.below(value, inside, 0) : value;
  });
}

/** The fields of a trace or a span. */
function maskFields(masking: Masking, holder: unknown, paths: Paths): unknown {
  const walk = new Walk(masking);
  return inFields(holder, (name, value) => {
    const inside = enter(paths, name);
    if (isOneOf(values, name)) return walk.field(name, value, inside, 0);
    if (isOneOf(containers, name)) return walk.below(value, inside, 0);
    if (name === "tags") return maskTags(masking, value, inside);
    if (isOneOf(texts, name)) return limited(value, walk.field(name, value, inside, 0));
    if (isOneOf(identities, name)) return hidden(value, endOf(inside));
    return value;
  });
}

function maskTags(masking: Masking, tags: unknown, paths: Paths): unknown {
  const walk = new Walk(masking);
  const masked = inList(tags, (tag, n) => limited(tag, walk.field(`${n}`, tag, enter(paths, `${n}`), 0)));
  return masked === tags || !Array.isArray(masked) ? masked : [...new Set<unknown>(masked)];
}

/** A mark may be longer than what it hides, and must not make a text too long. */
function limited(sent: unknown, masked: unknown): unknown {
  if (typeof sent !== "string" || typeof masked !== "string" || sent === masked) return masked;
  return masked.slice(0, Math.max(sent.length, shortestLimit));
}

class TooDeepError extends Error {}

/** Walks a value. A value with nothing to hide is returned itself, not a copy. */
class Walk {
  readonly #masking: Masking;

  constructor(masking: Masking) {
    this.#masking = masking;
  }

  /** The value of a field. */
  field(name: string, value: unknown, paths: Paths, depth: number): unknown {
    const mark = this.#masking.byKey(name) ?? endOf(paths);
    return mark === undefined ? this.below(value, paths, depth) : hidden(value, mark);
  }

  below(value: unknown, paths: Paths, depth: number): unknown {
    if (depth > mostLevels) throw new TooDeepError();
    if (typeof value === "string") return this.#masking.text(this.#inJsonText(value, paths, depth));
    if (Array.isArray(value)) {
      return inList(value, (item, n) => this.field(`${n}`, item, enter(paths, `${n}`), depth + 1));
    }
    return inFields(value, (name, item) => this.field(name, item, enter(paths, name), depth + 1));
  }

  /** The arguments of a tool are often JSON in a text. */
  #inJsonText(text: string, paths: Paths, depth: number): string {
    if (!this.#masking.hasNames || !/^\s*[[{]/.test(text)) return text;
    try {
      const value: unknown = JSON.parse(exactIntegers(text));
      const masked = this.below(value, paths, depth + 1);
      // Otherwise the text keeps its spaces and the digits of its numbers.
      return masked === value ? text : JSON.stringify(masked);
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof TooDeepError) return text;
      throw error;
    }
  }
}

function hidden(value: unknown, mark: string | undefined): unknown {
  return value === null || value === undefined || mark === undefined ? value : mark;
}

/** The paths that may lead to something in this field. */
function enter(paths: Paths, name: string): Paths {
  if (paths.length === 0) return paths;
  return paths.flatMap((path) => {
    const { rest, mark } = path;
    // Everything below its end is hidden.
    if (rest === "") return [path];
    // The whole name: attributes of OpenTelemetry have dotted ones.
    const start = ["*", name].find(
      (begin) => rest.startsWith(begin) && ["", "."].includes(rest.charAt(begin.length)),
    );
    return start === undefined ? [] : [{ rest: rest.slice(start.length + 1), mark }];
  });
}

/** What replaces a value at or below the end of a path. */
function endOf(paths: Paths): string | undefined {
  return paths.find(({ rest }) => rest === "")?.mark;
}

/** Why a path can hide nothing in any trace or score; `null` if it can. */
export function pathProblem(path: string): string | null {
  const parts = path.split(".");
  const [first = "", index = "*", field = "*"] = parts;
  const isKnown =
    first === "spans"
      ? /^(\*|\d+)$/.test(index) && ["*", ...spanFields].includes(field)
      : ["*", ...outerFields].includes(first);
  if (isKnown && !parts.includes("")) return null;
  return `hides nothing: a path begins with ${outerFields.join(", ")}, or with spans.* and ${spanFields.join(", ")}`;
}

function inList(list: unknown, change: (item: unknown, index: number) => unknown): unknown {
  if (!Array.isArray(list)) return list;
  const items: readonly unknown[] = list;
  const changed = items.map(change);
  return changed.some((item, n) => item !== items[n]) ? changed : list;
}

function inFields(holder: unknown, change: (name: string, value: unknown) => unknown): unknown {
  if (typeof holder !== "object" || holder === null || Array.isArray(holder)) return holder;
  let isChanged = false;
  const entries = Object.entries(holder as Fields).map(([name, value]) => {
    const changed = change(name, value);
    isChanged ||= changed !== value;
    return [name, changed] as const;
  });
  // `fromEntries` defines properties, so a key `__proto__` stays a key.
  return isChanged ? Object.fromEntries(entries) : holder;
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return names.some((known) => known === name);
}
