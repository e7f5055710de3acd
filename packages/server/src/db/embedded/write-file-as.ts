import { open, rename } from "node:fs/promises";
import type { RunAs } from "./run-as.ts";

/**
 * Replaces a file in one step, readable by its owner alone. The new file is created, never opened, and its owner set
 * through the handle: no link laid out in the database user's folder can turn root's hand elsewhere.
 */
export async function writeFileAs(path: string, text: string, runAs: RunAs | undefined): Promise<void> {
  const unfinished = `${path}.${process.pid}-${Date.now()}`;
  const file = await open(unfinished, "wx", 0o600);
  try {
    await file.writeFile(text);
    if (runAs !== undefined) await file.chown(runAs.uid, runAs.gid);
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
}
