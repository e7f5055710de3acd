import { existsSync, statSync } from "node:fs";
import { isAuthenticationError } from "@pandaprobe/sdk";
import { connectForTransfer, connectReview } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { failureText, isRefusal, keyHint } from "../failure.ts";
import { shareText } from "../figures.ts";
import { Interrupted, type Interruption, interruption } from "../interruption.ts";
import { mapInOrder } from "../map-in-order.ts";
import { type TransferDisplay, transferDisplay } from "../transfer-display.ts";
import { UsageError } from "../usage-error.ts";
import { formats, type Group } from "./formats/index.ts";
import { ImportReport, StrictError, someWrong } from "./import-report.ts";
import type { ImportSettings } from "./import-settings.ts";
import type { ImportedScore, ImportedTrace, OnWrong } from "./imported.ts";
import { readFiles } from "./read-files.ts";
import { batches, type Destination, nothingSent, type Sent, sendBatch, sendScores } from "./send-batch.ts";
import { type RowGroup, Spool } from "./spool.ts";

/** Roughly how much larger JSON is than its gzip, and the assumed size of standard input. */
const inflation = 10;
const unknownBytes = 2 ** 32;

/**
 * Imports files: reads all rows first, then stores the traces and their scores.
 *
 * @returns the exit code
 * @throws UsageError for anything missing before the server is asked, or a file that cannot be read.
 */
export async function importCommand(settings: ImportSettings): Promise<number> {
  const display = transferDisplay(process.stderr, settings.isQuiet);
  const { files, isDryRun } = settings;
  for (const file of files) {
    if (file === "-") continue;
    if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
    if (statSync(file).isDirectory()) throw new UsageError(`${file} is a folder. Name the files in it.`);
  }
  using stop = interruption();
  const report = new ImportReport(settings, display);
  // The key may be missing for a dry run.
  const destination = isDryRun ? null : destinationOf(settings, display, stop, report.onWrong);
  const sizes = files.map((file) => (file === "-" ? unknownBytes : statSync(file).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  using spool = new Spool(total * (files.some((file) => file.endsWith(".gz")) ? inflation : 1));
  try {
    let read = 0;
    await readFiles(files, spool, {
      from: settings.from,
      signal: stop.signal,
      onWrong: report.onWrong,
      onLeftOut: report.onLeftOut,
      onBytes(bytes) {
        read += bytes;
        display.update(() => `Reading: ${shareText(Math.min(1, read / total))}`);
      },
    });
    await importGroups(spool, settings, destination, stop, report);
  } catch (error) {
    display.end();
    if (error instanceof UsageError) throw error;
    return failed(settings, report, error);
  }
  display.end();
  return report.end();
}

function destinationOf(
  settings: ImportSettings,
  display: TransferDisplay,
  { signal }: Interruption,
  onWrong: OnWrong,
): Destination {
  const client = connectForTransfer(settings, display.say);
  return { client, review: connectReview(settings), signal, onWrong };
}

async function importGroups(
  spool: Spool,
  { concurrency }: ImportSettings,
  destination: Destination | null,
  { signal }: Interruption,
  report: ImportReport,
): Promise<void> {
  let done = 0;
  const groups = (group: Group) =>
    spool.groups(group, (bytes) => {
      done += bytes;
    });
  const traces = async function* (): AsyncGenerator<ImportedTrace> {
    for await (const { from, key, rows } of groups("traces")) {
      signal.throwIfAborted();
      try {
        yield formats[from].trace(key, rows, report.onWrong);
      } catch (error) {
        if (!(error instanceof Error) || error instanceof StrictError) throw error;
        report.onWrong(rows[0]?.place ?? "", error.message);
      }
    }
  };
  const scores = async function* (
    group: "spans" | "sessions",
    scoresOf: (rows: RowGroup) => readonly ImportedScore[],
  ): AsyncGenerator<readonly ImportedScore[]> {
    for await (const rows of groups(group)) {
      signal.throwIfAborted();
      yield scoresOf(rows);
    }
  };
  const add = (sent: Partial<Sent>) => report.add(sent, Math.min(1, done / spool.bytes));
  const sendTraces = (batch: readonly ImportedTrace[]) =>
    destination === null ? Promise.resolve(countOf(batch)) : sendBatch(batch, destination);
  for await (const sent of mapInOrder(batches(traces()), concurrency, sendTraces)) add(sent);
  const send = async (some: readonly ImportedScore[]) =>
    destination === null ? { scores: some.length } : sendScores(some, destination);
  const ofSpans = scores("spans", ({ from, key, rows }) =>
    formats[from].spanScores(key, rows, report.onWrong),
  );
  for await (const sent of mapInOrder(ofSpans, concurrency, send)) add(sent);
  const ofSessions = scores("sessions", ({ from, key, rows }) =>
    formats[from].sessionScores(key, rows, report.onWrong),
  );
  for await (const sent of mapInOrder(ofSessions, concurrency, send)) add(sent);
}

function countOf(traces: readonly ImportedTrace[]): Sent {
  const sent = nothingSent();
  for (const { trace, scores } of traces) {
    sent.traces += trace === null ? 0 : 1;
    sent.spans += trace?.spans?.length ?? 0;
    sent.scores += scores.length;
  }
  return sent;
}

function failed({ endpoint, isDryRun }: ImportSettings, report: ImportReport, error: unknown): number {
  const message = error instanceof Interrupted ? error.message : failureText(error, null);
  if (!(error instanceof StrictError)) process.stderr.write(`pandaprobe: ${message}\n`);
  if (isAuthenticationError(error)) process.stderr.write(`${keyHint(endpoint)}\n`);
  const canGoOn = !isDryRun && !(error instanceof StrictError) && !isRefusal(error);
  process.stderr.write(
    `${report.text()}${canGoOn ? " Run the same command again to import the rest." : ""}\n`,
  );
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof StrictError) return someWrong;
  return isRefusal(error) ? exitCodes.wrongUse : exitCodes.noResult;
}
