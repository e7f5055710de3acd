import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const packageFolder = join(root, "packages/sdk");

export type Installer = "npm" | "pnpm";

/**
 * Installs the packed package into a new project beside the tarball, as users do: alone, which needs no network, or with
 * its peers and Node.js's types in the versions that this repository uses.
 *
 * @returns the project's folder.
 */
export async function installPackage(
  tarball: string,
  installer: Installer,
  peers: "alone" | "with peers",
): Promise<string> {
  const project = await mkdtemp(join(dirname(tarball), `${installer}-`));
  await writeFile(join(project, "package.json"), '{ "private": true }\n');
  const specs = peers === "alone" ? [tarball] : [tarball, ...(await peerSpecs())];
  // No registry is given: the machine's configuration applies.
  const options = ["--prefer-offline", "--ignore-scripts", ...specs];
  if (installer === "npm") {
    await run("npm", ["install", "--no-audit", "--no-fund", ...options], { cwd: project });
  } else {
    // pnpm keeps to the versions of the lockfile, so newer releases do not change what is tested.
    await cp(join(root, "pnpm-lock.yaml"), join(project, "pnpm-lock.yaml"));
    const { packageManager } = await readManifest(root);
    await run("npx", ["--yes", String(packageManager), "add", ...options], { cwd: project });
  }
  return project;
}

async function peerSpecs(): Promise<string[]> {
  const { peerDependencies = {}, devDependencies = {} } = await readManifest(packageFolder);
  const { devDependencies: shared = {} } = await readManifest(root);
  const peers = Object.keys(peerDependencies).map((name) => `${name}@${devDependencies[name]}`);
  return [...peers, `@types/node@${shared["@types/node"]}`];
}

interface Manifest {
  readonly packageManager?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
}
