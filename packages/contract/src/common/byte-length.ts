const encoder = new TextEncoder();

/** The length of a text in bytes of UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** Whether a text has at most this many bytes. */
export function fitsBytes(text: string, bytes: number): boolean {
  return unitsWithin(text, bytes) === text.length;
}

/** The longest start of a text with at most this many bytes, never cut inside a character. */
export function startWithin(text: string, bytes: number): string {
  return text.slice(0, unitsWithin(text, bytes));
}

/** How many UTF-16 units of a text fit into this many bytes. The length alone decides for most texts. */
function unitsWithin(text: string, bytes: number): number {
  if (3 * text.length <= bytes) return text.length;
  return encoder.encodeInto(text, new Uint8Array(Math.min(bytes, 3 * text.length))).read;
}
