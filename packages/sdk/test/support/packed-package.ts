import { cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage } from "./install-package.ts";
import { run } from "./run.ts";

const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

export interface PackedPackage extends AsyncDisposable {
  /** The tarball that npm would publish. */
  readonly tarball: string;
  /** The files in it. */
  readonly files: readonly string[];
  /** The folder that the package was packed from. */
  readonly folder: string;
  /** A project in which npm installed the package, and nothing else. */
  readonly project: string;
}

/** Builds the package, packs it as npm would, and installs it. Needs no network. */
export async function packPackage(): Promise<PackedPackage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "pandaprobe-sdk-")));
  const folder = join(root, "package");
  await mkdir(folder);
  for (const name of ["package.json", "README.md", "LICENSE"])
    await cp(join(packageFolder, name), join(folder, name));
  const tsup = join(dirname(fileURLToPath(import.meta.resolve("tsup"))), "cli-default.js");
  await run(process.execPath, [tsup, "--out-dir", join(folder, "dist")], { cwd: packageFolder });

  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", root], {
    cwd: folder,
  });
  const [packed] = Object.values(
    JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
  );
  if (packed === undefined) throw new Error(`npm pack answered ${stdout}`);
  const tarball = join(root, packed.filename);

  return {
    tarball,
    files: packed.files.map(({ path }) => path),
    folder,
    project: await installPackage(tarball, "npm", "alone"),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
