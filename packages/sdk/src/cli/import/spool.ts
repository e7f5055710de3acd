import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FormatName, Group } from "./formats/index.ts";
import type { PlacedRow } from "./imported.ts";
import { readLines } from "./json-lines.ts";
import type { Row } from "./row.ts";

/** Rows that belong together. */
export interface RowGroup {
  readonly from: FormatName;
  readonly key: string;
  readonly rows: readonly PlacedRow[];
}

type Entry = readonly [from: FormatName, key: string, place: string, row: Row];

/** A bucket is read at once, so it should be small; a file for each costs little. */
const bucketBytes = 16 * 2 ** 20;
const mostBuckets = 512;
/** How much is held in memory before it is written. */
const mostWaiting = 16 * 2 ** 20;

/**
 * Groups rows that are far apart, in constant memory: exports contain a trace, its steps and its scores in any order,
 * and in several files. Rows go to files in a temporary folder, those with the same key to the same file.
 */
export class Spool implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "pandaprobe-import-"));
  readonly #buckets: number;
  readonly #waiting = new Map<string, string[]>();
  #waitingBytes = 0;
  #bytes = 0;
  readonly #remove = () => rmSync(this.#folder, { recursive: true, force: true });

  /** @param expectedBytes the expected size of all rows together. */
  constructor(expectedBytes: number) {
    this.#buckets = Math.min(mostBuckets, Math.max(1, Math.ceil(expectedBytes / bucketBytes)));
    // A second Ctrl-C ends the process at once.
    process.once("exit", this.#remove);
  }

  /** How many bytes were added. */
  get bytes(): number {
    return this.#bytes;
  }

  async add(group: Group, ...entry: Entry): Promise<void> {
    const text = `${JSON.stringify(entry)}\n`;
    const hash = createHash("sha1").update(`${entry[0]} ${entry[1]}`).digest().readUInt32LE();
    const file = this.#file(group, hash % this.#buckets);
    const waiting = this.#waiting.get(file) ?? [];
    this.#waiting.set(file, waiting);
    waiting.push(text);
    this.#waitingBytes += text.length;
    this.#bytes += text.length;
    if (this.#waitingBytes > mostWaiting) await this.#write();
  }

  /** The groups of rows, in no particular order; within each, rows are in the order in which they were added. */
  async *groups(group: Group, onBytes: (bytes: number) => void): AsyncGenerator<RowGroup> {
    await this.#write();
    for (let bucket = 0; bucket < this.#buckets; bucket += 1) {
      const file = this.#file(group, bucket);
      if (!existsSync(file)) continue;
      const found = new Map<string, { from: FormatName; key: string; rows: PlacedRow[] }>();
      for await (const { text } of readLines(file, onBytes)) {
        const [from, key, place, row] = JSON.parse(text ?? "") as Entry;
        const id = `${from} ${key}`;
        const known = found.get(id) ?? { from, key, rows: [] };
        found.set(id, known);
        known.rows.push({ place, row });
      }
      yield* found.values();
    }
  }

  [Symbol.dispose](): void {
    process.off("exit", this.#remove);
    this.#remove();
  }

  #file(group: Group, bucket: number): string {
    return join(this.#folder, `${group}-${bucket}`);
  }

  async #write(): Promise<void> {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const [file, texts] of waiting) await appendFile(file, texts.join(""));
  }
}
