import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The folders of the packages to build, each after those it depends on. */
export function packagesInBuildOrder(): string[] {
  const manifests = readdirSync("packages").map((name) => readManifest(join("packages", name)));
  const ordered: string[] = [];
  const visit = ({ folder, manifest }: { folder: string; manifest: Manifest }): void => {
    if (ordered.includes(folder)) return;
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const needed = manifests.find((each) => each.manifest.name === name);
      if (needed !== undefined) visit(needed);
    }
    ordered.push(folder);
  };
  manifests.forEach(visit);
  return ordered;
}

function readManifest(folder: string): { folder: string; manifest: Manifest } {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return { folder, manifest };
}
