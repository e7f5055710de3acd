// Checks imports: the rules in .dependency-cruiser.mjs for files, and that sibling folders do not import each other, directly
// or through other folders.
import { cruise, type ICruiseResult, type IViolation } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";

const sources = ["packages", "examples", "bench", "chaos", "scripts"];
const options = await extractDepcruiseOptions("./.dependency-cruiser.mjs");
const { output } = await cruise(sources, options, undefined, { tsConfig: extractTsConfig("tsconfig.json") });
if (typeof output === "string") throw new TypeError("The cruise should have returned modules.");

const problems = [...output.summary.violations.map(formatViolation), ...folderCycles(output)];
for (const problem of problems) console.error(problem);
console.log(
  `${problems.length} problems in ${output.summary.totalCruised} files with ${output.summary.totalDependenciesCruised} imports`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function formatViolation({ rule, from, to, comment = "" }: IViolation & { comment?: string }): string {
  return `${rule.name}: ${from} → ${to} ${comment}`.trimEnd();
}

/** From folder to folder: the first import found, for the message. */
type Imports = Map<string, Map<string, string>>;

function folderCycles({ modules }: ICruiseResult): string[] {
  /** The imports between sibling folders, by their parent. */
  const imports = new Map<string, Imports>();
  for (const { source, dependencies } of modules) {
    for (const { resolved } of dependencies) {
      if (!isChecked(source) || !isChecked(resolved)) continue;
      const [parent, from, to] = siblings(source, resolved);
      if (from === undefined || to === undefined) continue;
      const inside = imports.get(parent) ?? new Map<string, Map<string, string>>();
      imports.set(parent, inside);
      const targets = inside.get(from) ?? new Map<string, string>();
      inside.set(from, targets);
      targets.set(to, targets.get(to) ?? `${source} → ${resolved}`);
    }
  }
  return [...imports].flatMap(([parent, inside]) => cyclesIn(parent, inside));
}

function isChecked(file: string): boolean {
  return /^packages\/[^/]+\/src\//.test(file);
}

/** The closest folder that holds both files, and the child folder of it that each is in; undefined if it is directly inside. */
function siblings(source: string, resolved: string): [string, string | undefined, string | undefined] {
  const [from, to] = [source, resolved].map((file) => file.split("/").slice(0, -1)) as [string[], string[]];
  let depth = 0;
  while (depth < from.length && from[depth] === to[depth]) depth += 1;
  return [from.slice(0, depth).join("/"), from[depth], to[depth]];
}

function cyclesIn(parent: string, imports: Imports): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (folder: string, path: readonly string[]): void => {
    const start = path.indexOf(folder);
    if (start !== -1) {
      const cycle = [...path.slice(start), folder];
      const examples = cycle
        .slice(1)
        .map((to, i) => `\n    ${imports.get(cycle[i] ?? "")?.get(to) ?? ""}`)
        .join("");
      cycles.push(`no-folder-cycles: in ${parent}: ${cycle.join(" → ")}${examples}`);
      return;
    }
    if (done.has(folder)) return;
    for (const next of imports.get(folder)?.keys() ?? []) visit(next, [...path, folder]);
    done.add(folder);
  };
  for (const folder of imports.keys()) visit(folder, []);
  return cycles;
}
