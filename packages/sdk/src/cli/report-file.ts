import { existsSync } from "node:fs";
import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "./usage-error.ts";

/** A report, and the option that names its file. */
export interface ReportFile {
  readonly option: "junit" | "markdown";
  readonly file: string;
}

/**
 * Checks that the report can be written before the run begins, not at its end.
 *
 * @throws UsageError if the file cannot be written.
 */
export async function checkWritable({ option, file }: ReportFile): Promise<void> {
  const isThere = existsSync(file);
  try {
    await makeFolder(dirname(resolve(file)));
    await appendFile(file, "");
    // If the run does not end, CI must not collect an empty report.
    if (!isThere) await rm(file);
  } catch (error) {
    throw unwritable(option, file, error);
  }
}

/** @throws UsageError if the file can no longer be written. */
export async function writeReport({ option, file }: ReportFile, report: string): Promise<void> {
  try {
    await writeFile(file, report);
  } catch (error) {
    throw unwritable(option, file, error);
  }
}

/** Level by level, because `mkdir` with `recursive` never returns on file systems such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: unknown) => {
    // Another command may have created it meanwhile.
    if (!existsSync(folder)) throw error;
  });
}

function unwritable(option: string, file: string, error: unknown): UsageError {
  return new UsageError(`--${option} ${file} cannot be written: ${(error as Error).message}`);
}
