import { existsSync } from "node:fs";
import { isAuthenticationError } from "@pandaprobe/sdk";
import { environmentVariable } from "../../options/environment.ts";
import { connectForTransfer } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { failureText, isRefusal, keyHint } from "../failure.ts";
import { countText, numberText } from "../figures.ts";
import { Interrupted, interruption } from "../interruption.ts";
import { transferDisplay } from "../transfer-display.ts";
import { csvColumns, csvRecord } from "./csv.ts";
import type { ExportKind, ExportSettings, ExportSource } from "./export-settings.ts";
import { nothingExported, readExported } from "./resume.ts";
import { type Row, rows } from "./rows.ts";
import { OutputClosed, partialOf, type TextOutput, textOutput } from "./text-output.ts";

/** The exit code of a program that SIGPIPE ends. */
const outputClosedCode = 128 + 13;

const things: Readonly<Record<ExportKind, string>> = {
  traces: "trace",
  scores: "score",
  "session-scores": "session score",
};

/**
 * Writes everything that matches to a file or standard output, as it arrives.
 *
 * @returns the exit code
 * @throws UsageError for anything missing before the server is asked, or a file that cannot be written.
 */
export async function exportCommand(settings: ExportSettings): Promise<number> {
  const display = transferDisplay(process.stderr, settings.isQuiet);
  const client = connectForTransfer(settings, display.say);
  const { file, isResumed, source } = settings;
  const exported =
    isResumed && file !== undefined ? await readExported(partialOf(file), source) : nothingExported;
  const output = await textOutput(file, exported.bytes);
  using stop = interruption();
  const thing = thingOf(source);
  const startedAt = performance.now();
  let total: number | undefined;
  let written = exported.rows;
  const progress = () => {
    const rate = (1000 * (written - exported.rows)) / (performance.now() - startedAt);
    const share =
      total === undefined
        ? countText(written, thing)
        : `${numberText(written)} of ${countText(total, thing)}`;
    return `${share} · ${rate.toFixed(rate < 10 ? 1 : 0)}/s`;
  };
  try {
    if (settings.format === "csv") await output.write(csvRecord(columnsOf(source)));
    const onTotal = (found: number) => {
      total = exported.rows + found;
    };
    for await (const row of rows(client, source, { signal: stop.signal, onTotal, exported })) {
      await output.write(textOf(row, settings));
      written += 1;
      display.update(progress);
      stop.signal.throwIfAborted();
    }
    await output.finish();
  } catch (error) {
    display.end();
    return await incomplete(settings, output, written, error);
  }
  display.end();
  const where = file === undefined ? "" : ` to ${file}`;
  const before = exported.rows === 0 ? "" : ` ${countText(exported.rows, thing)} had been exported before.`;
  display.say(
    `Exported ${countText(written, thing)}${where}.${before}${written === 0 ? nothingHint(settings) : ""}`,
  );
  return exitCodes.passed;
}

const thingOf = ({ kind }: ExportSource): string => (kind === null ? "row" : things[kind]);

const columnsOf = ({ kind }: ExportSource): readonly string[] => (kind === null ? [] : csvColumns[kind]);

/** A misspelt name leads to a project without traces. */
function nothingHint({ projectName, source }: ExportSettings): string {
  if (source.run !== undefined) return " The run has no scores yet.";
  const project = projectName ?? environmentVariable("PANDAPROBE_PROJECT_NAME");
  return ` Check the project, ${JSON.stringify(project)} (--project or PANDAPROBE_PROJECT_NAME), and the filters.`;
}

function textOf(row: Row, { format, source }: ExportSettings): string {
  if (format === "jsonl") return `${JSON.stringify(row)}\n`;
  const fields = row as unknown as Readonly<Record<string, unknown>>;
  return csvRecord(columnsOf(source).map((column) => fields[column]));
}

function resumeHint({ format }: ExportSettings, partial: string | null): string {
  return format === "csv" || partial === null
    ? ""
    : " To export the rest, run the same command with --resume.";
}

async function incomplete(
  settings: ExportSettings,
  output: TextOutput,
  written: number,
  error: unknown,
): Promise<number> {
  const { source, endpoint, file } = settings;
  const partial = await output.abandon();
  if (error instanceof OutputClosed) return outputClosedCode;
  const message = error instanceof Interrupted ? error.message : failureText(error, null);
  const hint = isAuthenticationError(error) ? `\n${keyHint(endpoint)}` : "";
  const count = countText(written, thingOf(source));
  const place = partial === null ? "went to standard output" : `are in ${partial}`;
  const kept =
    written === 0
      ? "Nothing was exported."
      : `The export is incomplete: ${count}, each of them complete, ${place}.${resumeHint(settings, partial)}`;
  const isReplaced = file !== undefined && file !== partial && existsSync(file);
  const untouched = isReplaced ? ` ${file} was not changed.` : "";
  process.stderr.write(`pandaprobe: ${message}${hint}\n${kept}${untouched}\n`);
  if (error instanceof Interrupted) return error.exitCode;
  return isRefusal(error) ? exitCodes.wrongUse : exitCodes.noResult;
}
