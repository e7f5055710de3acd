/*
 * Rows as an array for each column, in PostgreSQL's binary format. `unnest` turns these into rows in half the CPU
 * time that JSON takes, because nothing is escaped, parsed or looked up by name.
 */

type Value = string | number;

interface Format {
  /** The type's OID in PostgreSQL. */
  readonly oid: number;
  /** How many bytes a value takes. */
  size(value: Value): number;
  write(bytes: Buffer, value: Value, at: number): void;
}

const characters = {
  size: (value: Value) => Buffer.byteLength(String(value)),
  write: (bytes: Buffer, value: Value, at: number) => bytes.write(String(value), at),
};

/** PostgreSQL counts microseconds from here. */
const epochMs = Date.UTC(2000, 0);

/** By the names of types. Times are ISO text with milliseconds. */
const formats = {
  text: { oid: 25, ...characters },
  json: { oid: 114, ...characters },
  uuid: {
    oid: 2950,
    size: () => 16,
    write: (bytes, value, at) => bytes.write(String(value).replaceAll("-", ""), at, "hex"),
  },
  timestamptz: {
    oid: 1184,
    size: () => 8,
    write: (bytes, value, at) =>
      bytes.writeBigInt64BE(BigInt(Date.parse(String(value)) - epochMs) * 1000n, at),
  },
  int4: { oid: 23, size: () => 4, write: (bytes, value, at) => bytes.writeInt32BE(Number(value), at) },
  int8: { oid: 20, size: () => 8, write: (bytes, value, at) => bytes.writeBigInt64BE(BigInt(value), at) },
  float8: { oid: 701, size: () => 8, write: (bytes, value, at) => bytes.writeDoubleBE(Number(value), at) },
} satisfies Record<string, Format>;

/** Columns with their types. */
export type Columns<Name extends string> = Readonly<Record<Name, keyof typeof formats>>;

/** The values of each column, in the order of the columns. */
export function columnArrays<Name extends string>(
  columns: Columns<Name>,
  rows: readonly Readonly<Record<Name, Value | null>>[],
): Uint8Array[] {
  return namesOf(columns).map((name) =>
    binaryArray(
      formats[columns[name]],
      rows.map((row) => row[name]),
    ),
  );
}

export function namesOf<Name extends string>(columns: Columns<Name>): Name[] {
  return Object.keys(columns) as Name[];
}

/** A one-dimensional array as `array_recv` reads it. */
function binaryArray({ oid, size, write }: Format, values: readonly (Value | null)[]): Uint8Array {
  const sizes = values.map((value) => (value === null ? 0 : size(value)));
  const header = [1, 1, oid, values.length, 1];
  const length = 4 * (header.length + values.length) + sizes.reduce((sum, bytes) => sum + bytes, 0);
  // It has memory of its own, so only this memory is copied when a thread hands it over.
  const bytes = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const field of header) at = bytes.writeInt32BE(field, at);
  values.forEach((value, index) => {
    const bytesOfValue = sizes[index] ?? 0;
    at = bytes.writeInt32BE(value === null ? -1 : bytesOfValue, at);
    if (value !== null) write(bytes, value, at);
    at += bytesOfValue;
  });
  return bytes;
}
