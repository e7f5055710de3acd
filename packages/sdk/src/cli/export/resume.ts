import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { readLines } from "../import/json-lines.ts";
import { UsageError } from "../usage-error.ts";
import type { ExportSource } from "./export-settings.ts";

/** What a partial file holds. */
export interface Exported {
  readonly rows: number;
  /** The length of its whole lines. */
  readonly bytes: number;
  /** The time by which the last row is sorted; `null` without rows. */
  readonly time: string | null;
  /** The ids of the rows with that time, or of all rows of a run, which are in another order. */
  readonly ids: ReadonlySet<string>;
}

export const nothingExported: Exported = { rows: 0, bytes: 0, time: null, ids: new Set() };

/** Reads the partial file of an export. A line that was cut is left out. @throws UsageError if it is no export of this. */
export async function readExported(path: string, { kind, run }: ExportSource): Promise<Exported> {
  if (!existsSync(path)) return nothingExported;
  const { size } = await stat(path);
  let [rows, bytes] = [0, 0];
  let time: string | null = null;
  let ids = new Set<string>();
  for await (const { number, text } of readLines(path)) {
    const end = bytes + Buffer.byteLength(text ?? "") + 1;
    if (text === null || end > size) break;
    const row = rowOf(text);
    const isTrace = row !== null && "started_at" in row;
    const id = row?.[isTrace ? "trace_id" : "id"];
    const at = row?.[isTrace ? "started_at" : "created_at"];
    if (
      typeof id !== "string" ||
      typeof at !== "string" ||
      (kind !== null && isTrace !== (kind === "traces"))
    ) {
      throw new UsageError(
        `--resume cannot continue ${path}: line ${number} is not what this command writes. Use the same options as before, or remove the file.`,
      );
    }
    if (at !== time && run === undefined) ids = new Set();
    ids.add(id);
    time = at;
    rows += 1;
    bytes = end;
  }
  return { rows, bytes, time, ids };
}

function rowOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const row: unknown = JSON.parse(text);
    return typeof row === "object" && row !== null ? { ...row } : null;
  } catch {
    return null;
  }
}
