import { isRecord, parsed } from "./json-values.ts";
import type { OtelAttributes } from "./otel-span.ts";

/** Reads a span's attributes, and keeps track of those that are still unread. */
export class AttributeReader {
  readonly #left: Map<string, unknown>;

  constructor(attributes: OtelAttributes) {
    this.#left = new Map(Object.entries(attributes).filter(([, value]) => value !== undefined));
  }

  /** The first of these attributes that exists and has the right type. Only that one then counts as read. */
  text(...names: readonly string[]): string | undefined {
    return this.#take(names, (value) => (typeof value === "string" && value !== "" ? value : undefined));
  }

  /** The meaning of a word, ignoring its case. A word of another vocabulary stays unread. */
  word<T>(name: string, meanings: Readonly<Record<string, T>>): T | undefined {
    return this.#take([name], (value) => {
      const word = String(value).toLowerCase();
      return Object.hasOwn(meanings, word) ? meanings[word] : undefined;
    });
  }

  number(...names: readonly string[]): number | undefined {
    return this.#take(names, (value) => {
      const number = typeof value === "string" && value !== "" ? Number(value) : value;
      return typeof number === "number" && Number.isFinite(number) ? number : undefined;
    });
  }

  /** A structured value, or one written as JSON. */
  value(...names: readonly string[]): unknown {
    return this.#take(names, parsed);
  }

  /** All attributes with this prefix, by the rest of their names. */
  below(prefix: string, rest = /^/): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const [name, value] of this.#left) {
      if (!name.startsWith(prefix) || !rest.test(name.slice(prefix.length))) continue;
      found[name.slice(prefix.length)] = value;
      this.#left.delete(name);
    }
    return found;
  }

  /** The items of a flattened list: `prefix.0.role`, `prefix.0.content`, `prefix.1.role`, … */
  list(prefix: string): unknown[] {
    return Object.values(nested(this.below(`${prefix}.`, /^\d+(?:\.|$)/)));
  }

  has(name: string): boolean {
    return this.#left.has(name);
  }

  rest(): Record<string, unknown> {
    return Object.fromEntries(this.#left);
  }

  #take<T>(names: readonly string[], read: (value: unknown) => T | undefined): T | undefined {
    for (const name of names) {
      const value = this.#left.has(name) ? read(this.#left.get(name)) : undefined;
      if (value === undefined) continue;
      this.#left.delete(name);
      return value;
    }
    return undefined;
  }
}

type Nested = Record<string, unknown>;

/** Turns dotted names into objects. JavaScript keeps numeric keys in ascending order. */
function nested(flat: Readonly<Record<string, unknown>>): Nested {
  const root: Nested = Object.create(null);
  for (const [name, value] of Object.entries(flat)) {
    const path = name.split(".");
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
