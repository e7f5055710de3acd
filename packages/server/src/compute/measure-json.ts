const [quote, backslash, openArray, closeArray, openObject, closeObject, comma] = Buffer.from('"\\[]{},');

export interface JsonLimits {
  readonly values: number;
  readonly depth: number;
}

/**
 * Finds how deep a JSON text nests and how many values it holds without parsing it, which is the work to avoid. Stops as
 * soon as either is over its limit.
 */
export function measureJson(json: Uint8Array, limits: JsonLimits): { isTooDeep: boolean; values: number } {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === comma) {
      values += 1;
      if (values > limits.values) break;
    } else if (byte === openObject || byte === openArray) {
      depth += 1;
      if (depth > limits.depth) return { isTooDeep: true, values };
      // The first item, unless it is empty.
      const next = json[index + 1];
      if (next !== closeObject && next !== closeArray) values += 1;
      if (values > limits.values) break;
    } else if (byte === closeObject || byte === closeArray) {
      depth -= 1;
    }
  }
  return { isTooDeep: false, values };
}
