import { cp, mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackage } from "./install-package.ts";
import { run } from "./run.ts";

const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** The package as npm would publish it. */
export interface BuiltPackage {
  /** Holds the other two. Remove it after use. */
  readonly root: string;
  readonly tarball: string;
  /** The files in the tarball. */
  readonly files: readonly string[];
  /** The folder that the package was packed from. */
  readonly folder: string;
}

export interface PackedPackage extends AsyncDisposable, Omit<BuiltPackage, "root"> {
  /** A project in which npm installed the package, and nothing else. */
  readonly project: string;
}

/** Builds the package unless `npm test` just did, and packs it as npm would. Needs no network. */
export async function buildPackage(): Promise<BuiltPackage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "pandaprobe-sdk-")));
  const folder = join(root, "package");
  await mkdir(folder);
  for (const name of ["package.json", "README.md", "LICENSE"])
    await cp(join(packageFolder, name), join(folder, name));
  if (process.env["PANDAPROBE_BUILT"] === "1") {
    await cp(join(packageFolder, "dist"), join(folder, "dist"), { recursive: true });
  } else {
    const options = ["--run", "build", "--", "--out-dir", join(folder, "dist")];
    await run(process.execPath, options, { cwd: packageFolder });
  }

  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", root], {
    cwd: folder,
  });
  const [packed] = Object.values(
    JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>,
  );
  if (packed === undefined) throw new Error(`npm pack answered ${stdout}`);
  const files = packed.files.map(({ path }) => path);
  return { root, folder, tarball: join(root, packed.filename), files };
}

/** Installs the package into projects of its own. Needs no network. @param built Default: a new build. */
export async function packPackage(built?: BuiltPackage): Promise<PackedPackage> {
  const { root, folder, tarball, files } = built ?? (await buildPackage());
  const project = await installPackage(tarball, "npm", "alone");
  return {
    tarball,
    files,
    folder,
    project,
    [Symbol.asyncDispose]: () => rm(built === undefined ? root : project, { recursive: true, force: true }),
  };
}
