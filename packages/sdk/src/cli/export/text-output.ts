import { once } from "node:events";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { UsageError } from "../usage-error.ts";

/** The target of an export. Each piece is written completely or not at all. */
export interface TextOutput {
  write(piece: string): Promise<void>;
  /** To be called at the end, if everything was written. */
  finish(): Promise<void>;
  /** To be called instead, if something is missing. @returns where the written part is; `null`: nowhere. */
  abandon(): Promise<string | null>;
}

/** The reader of standard output has exited, such as `head` after ten lines. */
export class OutputClosed extends Error {
  override name = "OutputClosed";
}

/** What a file is called until it is complete. */
export const partialOf = (file: string): string => `${file}.partial`;

/**
 * @param kept how many bytes of an earlier export's partial file to keep and go on after.
 * @throws UsageError if the file cannot be written.
 */
export async function textOutput(file: string | undefined, kept = 0): Promise<TextOutput> {
  if (file === undefined) return standardOutput();
  try {
    // A special file, such as /dev/null or a pipe, cannot be replaced at the end.
    const isSpecial = await stat(file).then(
      (found) => !found.isFile(),
      () => false,
    );
    const path = isSpecial ? file : partialOf(file);
    const handle = await open(path, kept === 0 ? "w" : "a");
    if (kept > 0) await handle.truncate(kept);
    return fileOutput(handle, path, { target: isSpecial ? undefined : file, kept });
  } catch (error) {
    throw new UsageError(`--out ${file} cannot be written: ${(error as Error).message}`);
  }
}

/** @param target the file's name once it is complete; `undefined` if it keeps its own. */
function fileOutput(
  handle: FileHandle,
  path: string,
  { target, kept }: { readonly target: string | undefined; readonly kept: number },
): TextOutput {
  let bytes = kept;
  return {
    async write(piece) {
      const buffer = Buffer.from(piece);
      await handle.writeFile(buffer);
      bytes += buffer.length;
    },
    async finish() {
      await handle.close();
      if (target !== undefined) await rename(path, target);
    },
    async abandon() {
      // On a full disk, a part of the last piece may have been written.
      if (target !== undefined) await handle.truncate(bytes);
      await handle.close();
      return path;
    },
  };
}

function standardOutput(): TextOutput {
  const { stdout } = process;
  let failure: Error | null = null;
  stdout.once("error", (error: NodeJS.ErrnoException) => {
    failure = error.code === "EPIPE" ? new OutputClosed("Standard output is closed.") : error;
  });
  return {
    async write(piece) {
      if (failure !== null) throw failure;
      // `once` rejects if an error comes first, which the listener has seen by then.
      if (!stdout.write(piece)) await once(stdout, "drain").catch(() => {});
      if (failure !== null) throw failure;
    },
    async finish() {
      await new Promise((resolve) => stdout.write("", resolve));
      if (failure !== null) throw failure;
    },
    async abandon() {
      return null;
    },
  };
}
