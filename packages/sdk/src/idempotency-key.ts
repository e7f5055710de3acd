/** A new random key: 128 bits. Not `crypto.randomUUID`: browsers have that on secure pages alone. */
export function newIdempotencyKey(): string {
  return crypto.getRandomValues(new BigUint64Array(2)).join("-");
}
