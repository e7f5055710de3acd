import { exactIntegers } from "@pandaprobe/contract/otel";
import { UsageError } from "../usage-error.ts";
import { type FormatName, formatOfRow, formats } from "./formats/index.ts";
import type { OnWrong } from "./imported.ts";
import { longestLine, readLines } from "./json-lines.ts";
import { isRow, type Row, RowError } from "./row.ts";
import type { Spool } from "./spool.ts";

export interface ReadOptions {
  /** `undefined`: the first row of each file with a known format decides. */
  readonly from: FormatName | undefined;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  readonly onWrong: OnWrong;
  /** Called for a row with nothing to import. */
  readonly onLeftOut: () => void;
}

/**
 * Reads JSON Lines files into a spool.
 *
 * @throws UsageError for a file that cannot be read, or that has no known format.
 */
export async function readFiles(files: readonly string[], spool: Spool, options: ReadOptions): Promise<void> {
  for (const file of files) await readFile(file, spool, options);
}

async function readFile(
  file: string,
  spool: Spool,
  { from, signal, onBytes, onWrong, onLeftOut }: ReadOptions,
): Promise<void> {
  let format = from;
  const wrong: [place: string, message: string][] = [];
  const lines = readLines(file, onBytes);
  try {
    for await (const { number, text } of lines) {
      signal.throwIfAborted();
      const place = `${file === "-" ? "standard input" : file}:${number}`;
      try {
        for (const row of rowsIn(text, format)) {
          format ??= formatOfRow(row);
          if (format === undefined) throw new RowError(unknownFormat);
          const placings = formats[format].place(row);
          if (placings.length === 0) onLeftOut();
          for (const { group, key, row: part } of placings) await spool.add(group, format, key, place, part);
        }
      } catch (error) {
        const message = wrongWith(error);
        if (format !== undefined) onWrong(place, message);
        else if (wrong.push([place, message]) === mostUnknown) break;
      }
    }
  } catch (error) {
    if (signal.aborted || !isOfFile(error)) throw error;
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
  const [first] = wrong;
  if (format === undefined && first !== undefined) {
    const hint = wrong.some(([, message]) => message === unknownFormat) ? " If it is one, add --from." : "";
    throw new UsageError(`${file} is not an export of a known format. ${first.join(": ")}${hint}`);
  }
  for (const [place, message] of wrong) onWrong(place, message);
}

const unknownFormat = "The row has no known format.";
/** If the first rows of a file have no known format, the file has none. */
const mostUnknown = 20;

/** What is wrong with a row. @throws the error itself, if it is not about the row. */
function wrongWith(error: unknown): string {
  if (error instanceof RowError) return error.message;
  // The stack is too small to write it again.
  if (error instanceof RangeError) return "The row nests too deeply.";
  throw error;
}

const isOfFile = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && /^(E|Z_|ERR_)/.test(String(error.code));

/** The rows of a line: one object, a list of objects, or a page from an API. */
function rowsIn(text: string | null, known: FormatName | undefined): readonly Row[] {
  if (text === null) {
    throw new RowError(`The line is longer than ${longestLine / 2 ** 20} MiB. ${splitHint}`);
  }
  const rows = parsedRows(text);
  const [first] = rows;
  // Other products write 64-bit integers. In our own exports, numbers are the same as in the trace.
  if (first === undefined || (known ?? formatOfRow(first)) === "pandaprobe") return rows;
  const exact = exactIntegers(text);
  return exact === text ? rows : parsedRows(exact);
}

function parsedRows(text: string): readonly Row[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RowError(`The line is not JSON. ${splitHint}`);
  }
  const data = isRow(value) && Array.isArray(value["data"]) ? value["data"] : value;
  const rows = Array.isArray(data) ? data : [data];
  if (!rows.every(isRow)) throw new RowError("The line is not a JSON object.");
  return rows;
}

const splitHint = "Each line must be one JSON object; jq -c '.[]' turns a JSON list into such lines.";
