import { existsSync } from "node:fs";
import { appendFile, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { UsageError } from "./usage-error.ts";

/**
 * Tries it now, so that a report which cannot be written is no surprise at the end of a run.
 *
 * @throws UsageError where the file cannot be written.
 */
export async function checkWritable(file: string): Promise<void> {
  const isThere = existsSync(file);
  try {
    await makeFolder(dirname(resolve(file)));
    await appendFile(file, "");
    // Whoever collects reports must find none before there is one.
    if (!isThere) await rm(file);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** @throws UsageError where the file cannot be written any more. */
export async function writeReport(file: string, report: string): Promise<void> {
  try {
    await writeFile(file, report);
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** Level by level, for `mkdir`'s own `recursive` never returns on file systems such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: unknown) => {
    // Another command makes it at the same time.
    if (!existsSync(folder)) throw error;
  });
}

function unwritable(file: string, error: unknown): UsageError {
  return new UsageError(`--junit ${file} cannot be written: ${(error as Error).message}`);
}
