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
import type { ExportSettings, ExportSource } from "./export-settings.ts";
import { type Row, rows } from "./rows.ts";
import { OutputClosed, type TextOutput, textOutput } from "./text-output.ts";

/** The exit code of a program that SIGPIPE ends. */
const outputClosedCode = 128 + 13;

const things: Readonly<Record<ExportSource["kind"], string>> = {
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
  const output = await textOutput(settings.file);
  using stop = interruption();
  const { kind } = settings.source;
  const startedAt = performance.now();
  let total = 0;
  let written = 0;
  const progress = () => {
    const rate = (1000 * written) / (performance.now() - startedAt);
    return `${numberText(written)} of ${countText(total, things[kind])} · ${rate.toFixed(rate < 10 ? 1 : 0)}/s`;
  };
  try {
    if (settings.format === "csv") await output.write(csvRecord(csvColumns[kind]));
    const onTotal = (found: number) => {
      total = found;
    };
    for await (const row of rows(client, settings.source, { signal: stop.signal, onTotal })) {
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
  const where = settings.file === undefined ? "" : ` to ${settings.file}`;
  display.say(
    `Exported ${countText(written, things[kind])}${where}.${written === 0 ? nothingHint(settings) : ""}`,
  );
  return exitCodes.passed;
}

/** A misspelt name leads to a project without traces. */
function nothingHint({ projectName }: ExportSettings): string {
  const project = projectName ?? environmentVariable("PANDAPROBE_PROJECT_NAME");
  return ` Check the project, ${JSON.stringify(project)} (--project or PANDAPROBE_PROJECT_NAME), and the filters.`;
}

function textOf(row: Row, { format, source }: ExportSettings): string {
  if (format === "jsonl") return `${JSON.stringify(row)}\n`;
  const fields = row as unknown as Readonly<Record<string, unknown>>;
  return csvRecord(csvColumns[source.kind].map((column) => fields[column]));
}

async function incomplete(
  { source, endpoint, file }: ExportSettings,
  output: TextOutput,
  written: number,
  error: unknown,
): Promise<number> {
  const partial = await output.abandon();
  if (error instanceof OutputClosed) return outputClosedCode;
  const message = error instanceof Interrupted ? error.message : failureText(error, null);
  const hint = isAuthenticationError(error) ? `\n${keyHint(endpoint)}` : "";
  const count = countText(written, things[source.kind]);
  const place = partial === null ? "went to standard output" : `are in ${partial}`;
  const kept =
    written === 0
      ? "Nothing was exported."
      : `The export is incomplete: ${count}, each of them complete, ${place}.`;
  const isReplaced = file !== undefined && file !== partial && existsSync(file);
  const untouched = isReplaced ? ` ${file} was not changed.` : "";
  process.stderr.write(`pandaprobe: ${message}${hint}\n${kept}${untouched}\n`);
  if (error instanceof Interrupted) return error.exitCode;
  return isRefusal(error) ? exitCodes.wrongUse : exitCodes.noResult;
}
