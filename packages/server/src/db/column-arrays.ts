/*
 * Rows as an array for each column, in PostgreSQL's binary format. `unnest` turns these into rows in half the CPU
 * time that JSON takes, because nothing is escaped, parsed or looked up by name.
 */

type Value = string | number;

interface Format {
  /** The type's OID in PostgreSQL. */
  readonly oid: number;
  readonly write: (to: ArrayWriter, value: Value) => void;
}

/** PostgreSQL counts microseconds from here. */
const epochMs = Date.UTC(2000, 0);

/** By the names of types. Times are ISO text with milliseconds. */
const formats = {
  text: { oid: 25, write: (to, value) => to.text(String(value)) },
  json: { oid: 114, write: (to, value) => to.text(String(value)) },
  uuid: { oid: 2950, write: (to, value) => to.uuid(String(value)) },
  timestamptz: {
    oid: 1184,
    write: (to, value) => to.int8(BigInt(Date.parse(String(value)) - epochMs) * 1000n),
  },
  int4: { oid: 23, write: (to, value) => to.int4(Number(value)) },
  int8: { oid: 20, write: (to, value) => to.int8(BigInt(value)) },
  float8: { oid: 701, write: (to, value) => to.float8(Number(value)) },
} satisfies Record<string, Format>;

/** Columns with their types. */
export type Columns<Name extends string> = Readonly<Record<Name, keyof typeof formats>>;

/** The values of each column, in the order of the columns. */
export function columnArrays<Name extends string>(
  columns: Columns<Name>,
  rows: readonly Readonly<Record<NoInfer<Name>, Value | null>>[],
): Uint8Array[] {
  const writer = new ArrayWriter();
  return namesOf(columns).map((name) => {
    const { oid, write } = formats[columns[name]];
    writer.start(oid, rows.length);
    for (const { [name]: value } of rows) {
      if (value === null) writer.null();
      else write(writer, value);
    }
    return writer.end();
  });
}

export function namesOf<Name extends string>(columns: Columns<Name>): Name[] {
  return Object.keys(columns) as Name[];
}

/** The values of hexadecimal digits, by their ASCII codes. */
const hexValues = Uint8Array.from({ length: 128 }, (_, code) =>
  Number.parseInt(String.fromCharCode(code), 16),
);
const dash = "-".charCodeAt(0);

/** Writes one-dimensional arrays as `array_recv` reads them: a header, then each value after its size. */
class ArrayWriter {
  #bytes = Buffer.allocUnsafe(65_536);
  #at = 0;

  start(oid: number, values: number): void {
    this.#at = 0;
    const [dimensions, hasNulls, firstIndex] = [1, 1, 1];
    for (const field of [dimensions, hasNulls, oid, values, firstIndex]) this.#size(field);
  }

  /** @returns memory of its own, so only this memory is copied when a thread hands it over. */
  end(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#at));
  }

  null(): void {
    this.#size(-1);
  }

  text(value: string): void {
    const mostBytes = value.length < 1000 ? 3 * value.length : Buffer.byteLength(value);
    this.#reserve(4 + mostBytes);
    const size = this.#bytes.write(value, this.#at + 4);
    this.#size(size);
    this.#at += size;
  }

  /** @param value with dashes. */
  uuid(value: string): void {
    this.#size(16);
    this.#reserve(16);
    for (let index = 0; index < value.length; index += 2) {
      if (value.charCodeAt(index) === dash) index += 1;
      const high = hexValues[value.charCodeAt(index)] ?? 0;
      const low = hexValues[value.charCodeAt(index + 1)] ?? 0;
      this.#at = this.#bytes.writeUInt8(16 * high + low, this.#at);
    }
  }

  int4(value: number): void {
    this.#size(4);
    this.#size(value);
  }

  int8(value: bigint): void {
    this.#size(8);
    this.#reserve(8);
    this.#at = this.#bytes.writeBigInt64BE(value, this.#at);
  }

  float8(value: number): void {
    this.#size(8);
    this.#reserve(8);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
  }

  #size(value: number): void {
    this.#reserve(4);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  #reserve(size: number): void {
    const needed = this.#at + size;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, needed));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
