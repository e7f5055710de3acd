/** Longer values are cut, so that a trace stays below the server's limit. */
const mostCharacters = 500_000;
/** Values deeper than this are cut. */
const mostLevels = 40;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * A copy of a value as JSON, as it is now. Never throws: values that JSON cannot represent become text, such as a
 * `bigint`, a cycle or a getter that throws, and values that are too large or too deep are cut, with a mark.
 */
export function toJson(value: unknown): Json | undefined {
  return value === undefined ? undefined : new Copy().of(value, []);
}

class Copy {
  #left = mostCharacters;

  of(value: unknown, parents: readonly unknown[]): Json {
    try {
      return this.#of(value, parents);
    } catch {
      return "[unreadable]";
    }
  }

  #of(value: unknown, parents: readonly unknown[]): Json {
    // Numbers and commas take space too.
    this.#left -= 8;
    if (this.#left <= 0) return "[cut]";
    if (typeof value === "string") return this.#text(value);
    if (typeof value === "boolean" || value === null || value === undefined) return value ?? null;
    if (typeof value === "number") return Number.isFinite(value) ? value : `${value}`;
    if (typeof value === "function") return `[function ${value.name}]`;
    if (typeof value !== "object") return this.#text(String(value));
    if (parents.includes(value)) return "[circular]";
    if (parents.length >= mostLevels) return "[cut]";
    return this.#object(value, [...parents, value]);
  }

  #object(value: object, parents: readonly unknown[]): Json {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if ("toJSON" in value && typeof value.toJSON === "function") return this.of(value.toJSON(), parents);
    if (value instanceof Error) return { name: value.name, message: this.#text(value.message) };
    if (value instanceof Map) return this.#fields(value, parents);
    if (Array.isArray(value) || value instanceof Set) return this.#items(value, parents);
    return this.#fields(fieldsOf(value), parents);
  }

  #items(values: Iterable<unknown>, parents: readonly unknown[]): Json[] {
    const items: Json[] = [];
    for (const item of values) {
      items.push(this.of(item, parents));
      if (this.#left <= 0) break;
    }
    return items;
  }

  #fields(entries: Iterable<readonly [unknown, unknown]>, parents: readonly unknown[]): Json {
    const fields: [string, Json][] = [];
    for (const [key, item] of entries) {
      if (item !== undefined) fields.push([this.#text(String(key)), this.of(item, parents)]);
      if (this.#left <= 0) break;
    }
    return Object.fromEntries(fields);
  }

  #text(text: string): string {
    const left = Math.max(this.#left, 0);
    this.#left -= text.length;
    // A lone surrogate is not valid text.
    return text.length <= left ? text : `${text.slice(0, left).replace(/[\uD800-\uDBFF]$/, "")}[cut]`;
  }
}

function* fieldsOf(value: object): Generator<readonly [string, unknown]> {
  for (const key of Object.keys(value)) {
    let field: unknown;
    try {
      field = Reflect.get(value, key);
    } catch {
      field = "[unreadable]";
    }
    yield [key, field];
  }
}

/** The message of anything that was thrown. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? error.message || error.name : String(error);
  } catch {
    return "[unreadable]";
  }
}
