import { readFile, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * npm packages can't hold symbolic links, so the package makes its libraries' links in an install script. pnpm runs no
 * install scripts unless told to, and without the links PostgreSQL doesn't start: make those that are missing.
 */
export async function linkLibraries(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const destination = join(relative(dirname(target), dirname(source)), basename(source));
    // Exists already, or the installation is read-only: PostgreSQL itself says what it misses.
    await symlink(destination, join(packageRoot, target)).catch(() => undefined);
  }
}
