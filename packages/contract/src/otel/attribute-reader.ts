import { isRecord, parsed } from "./json-values.ts";
import type { OtelAttributes } from "./otel-span.ts";

/** Reads a span's attributes, and keeps track of those that are still unread. */
export class AttributeReader {
  readonly #left: Map<string, unknown>;
  readonly #families = new Set<string>();

  constructor(attributes: OtelAttributes) {
    this.#left = new Map();
    for (const name of Object.keys(attributes)) {
      if (attributes[name] === undefined) continue;
      this.#left.set(name, attributes[name]);
      const dot = name.indexOf(".");
      this.#families.add(dot === -1 ? name : name.slice(0, dot));
    }
  }

  /** Whether the span has attributes whose names start with one of these words. */
  hasFamily(families: readonly string[]): boolean {
    return families.some((family) => this.#families.has(family));
  }

  /** The first of these attributes that exists and has the right type. Only that one then counts as read. */
  text(...names: readonly string[]): string | undefined {
    return this.#take(names, nonEmpty);
  }

  /** An id, which some programs record as a number. */
  id(...names: readonly string[]): string | undefined {
    return this.#take(names, asText);
  }

  /** A list of texts: a list, a list as JSON text, or a single text. */
  texts(...names: readonly string[]): string[] | undefined {
    return this.#take(names, asTexts);
  }

  /** The meaning of a word, ignoring its case. A word of another vocabulary stays unread. */
  word<T>(name: string, meanings: Readonly<Record<string, T>>): T | undefined {
    const word = String(this.#left.get(name)).toLowerCase();
    if (!Object.hasOwn(meanings, word)) return undefined;
    this.#left.delete(name);
    return meanings[word];
  }

  number(...names: readonly string[]): number | undefined {
    return this.#take(names, asNumber);
  }

  /** The numbers that exist, by the names that they get. */
  numbers(names: Readonly<Record<string, readonly string[]>>): Record<string, number> {
    const found: Record<string, number> = {};
    for (const key of Object.keys(names)) {
      const number = this.number(...(names[key] ?? []));
      if (number !== undefined) found[key] = number;
    }
    return found;
  }

  /** A structured value, or one as JSON text. */
  value(...names: readonly string[]): unknown {
    return this.#take(names, parsed);
  }

  /** A value as it was recorded. */
  raw(name: string): unknown {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }

  /** The first of these values that exists. The others say the same less well, and also count as read. */
  firstValue(...names: readonly string[]): unknown {
    let first: unknown;
    for (const name of names) {
      const value = this.value(name);
      if (first === undefined) first = value;
    }
    return first;
  }

  /** All attributes with this prefix, by the rest of their names. */
  below(prefix: string, rest?: RegExp): Record<string, unknown> {
    const found: [string, unknown][] = [];
    for (const name of this.#left.keys()) {
      if (!name.startsWith(prefix)) continue;
      const inner = name.slice(prefix.length);
      if (rest?.test(inner) === false) continue;
      found.push([inner, this.raw(name)]);
    }
    return Object.fromEntries(found);
  }

  /** The items of a flattened list: `prefix.0.role`, `prefix.0.content`, `prefix.1.role`, … */
  list(prefix: string): unknown[] {
    const flat = Object.entries(this.below(`${prefix}.`, /^\d+(?:\.|$)/));
    return flat.length === 0 ? [] : Object.values(nested(flat));
  }

  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** A text that stays among the unread attributes. */
  peek(name: string): string | undefined {
    return asText(this.#left.get(name));
  }

  rest(): Record<string, unknown> {
    return Object.fromEntries(this.#left);
  }

  #take<T>(names: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
    for (const name of names) {
      const raw = this.#left.get(name);
      const value = raw === undefined ? undefined : read(raw);
      if (value === undefined) continue;
      this.#left.delete(name);
      return value;
    }
    return undefined;
  }
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function asTexts(value: unknown): string[] | undefined {
  const list = parsed(value);
  const found = (Array.isArray(list) ? list : [list]).map(asText).filter((text) => text !== undefined);
  return found.length === 0 ? undefined : found;
}

function asNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

function asText(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint"
    ? String(value)
    : undefined;
}

type Nested = Record<string, unknown>;

/** No instrumentation nests deeper, and values are walked recursively later. */
const mostLevels = 32;

/** Turns dotted names into objects. JavaScript keeps numeric keys in ascending order. */
function nested(flat: readonly [string, unknown][]): Nested {
  const root: Nested = Object.create(null);
  for (const [name, value] of flat) {
    const path = name.split(".", mostLevels);
    const last = path.pop() ?? name;
    let place = root;
    for (const key of path) {
      const found = place[key];
      const inner: Nested = isRecord(found) ? found : Object.create(null);
      place[key] = inner;
      place = inner;
    }
    place[last] = value;
  }
  return root;
}
