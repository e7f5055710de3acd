import { isRecord } from "./is-record.ts";
import type { OtelAttributes } from "./otel-span.ts";
import { parsed } from "./parsed.ts";

/** Reads a span's attributes, and knows which ones nobody has read. */
export class AttributeReader {
  readonly #left: Map<string, unknown>;

  constructor(attributes: OtelAttributes) {
    this.#left = new Map(Object.entries(attributes).filter(([, value]) => value !== undefined));
  }

  /** The first of these that is there, and is what is asked for; it then counts as read, the others don't. */
  text(...names: readonly string[]): string | undefined {
    return this.#take(names, (value) => (typeof value === "string" && value !== "" ? value : undefined));
  }

  /** What a word means, in any case; one of another vocabulary is left. */
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

  /** Structured, or as JSON. */
  value(...names: readonly string[]): unknown {
    return this.#take(names, parsed);
  }

  /** All that begin so, by the rest of their names. */
  below(prefix: string, rest = /^/): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    for (const [name, value] of this.#left) {
      if (!name.startsWith(prefix) || !rest.test(name.slice(prefix.length))) continue;
      found[name.slice(prefix.length)] = value;
      this.#left.delete(name);
    }
    return found;
  }

  /** What a flattened list holds: `prefix.0.role`, `prefix.0.content`, `prefix.1.role`, … */
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

/** Dotted names as objects. Keys of digits come in their order, as JavaScript has it. */
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
