import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stopLeftPostgres } from "./stop-left-postgres.ts";

/** A folder for a server's data. Disposing of it deletes it. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function makeTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(await usableTmpdir(), "pandaprobe-demo-"));
  return {
    path,
    async [Symbol.asyncDispose]() {
      await stopLeftPostgres(path);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** PostgreSQL refuses to run as root, so another user runs it and must be able to reach the folder. */
async function usableTmpdir(): Promise<string> {
  const isRoot = process.getuid?.() === 0;
  return !isRoot || (await isOpenToAll(tmpdir())) ? tmpdir() : "/tmp";
}

async function isOpenToAll(folder: string): Promise<boolean> {
  const status = await stat(folder).catch(() => undefined);
  if (status === undefined || (status.mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || isOpenToAll(parent);
}
