/** The bytes of 32-bit floats, little-endian on every machine, as several may share the database. */
export function toBytes(vector: readonly number[]): Buffer {
  const bytes = Buffer.alloc(vector.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [i, value] of vector.entries()) bytes.writeFloatLE(value, i * Float32Array.BYTES_PER_ELEMENT);
  return bytes;
}

export function toFloats(bytes: Buffer): number[] {
  const length = bytes.length / Float32Array.BYTES_PER_ELEMENT;
  return Array.from({ length }, (_, i) => bytes.readFloatLE(i * Float32Array.BYTES_PER_ELEMENT));
}
