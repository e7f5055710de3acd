import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

const tsc = fileURLToPath(new URL("tsc.js", import.meta.resolve("typescript")));

export type ModuleResolution = "node16" | "nodenext" | "bundler";

/**
 * Compiles files of a project, and all libraries that they name, into its folder `built`.
 *
 * @param options of the compiler, where they differ from those of an empty project.
 * @returns the errors, one a line.
 */
export async function compile(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
  options: object = {},
): Promise<string[]> {
  const lines = (await runTsc(project, moduleResolution, files, options)).split("\n");
  return lines.filter((line) => line !== "");
}

const statisticNames = [
  "Identifiers",
  "Symbols",
  "Types",
  "Instantiations",
  "Memory used",
  "Total time",
] as const;

/** What `tsc` tells of a compilation, in its own words and units. The counts are the same each time. */
export type CompilationStatistics = Readonly<Record<(typeof statisticNames)[number], number>>;

/** Compiles without a single error, and tells what that took. */
export async function measureCompilation(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
): Promise<CompilationStatistics> {
  const output = await runTsc(project, moduleResolution, files, {}, ["--extendedDiagnostics"]);
  if (output.includes("error TS")) throw new Error(output);
  const read = (name: string) => Number(new RegExp(`^${name}: +([\\d.]+)`, "m").exec(output)?.[1]);
  const statistics = statisticNames.map((name) => [name, read(name)] as const);
  return Object.fromEntries(statistics) as CompilationStatistics;
}

async function runTsc(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
  options: object,
  flags: readonly string[] = [],
): Promise<string> {
  const compilerOptions = {
    target: "es2023",
    module: moduleResolution === "bundler" ? "esnext" : moduleResolution,
    moduleResolution,
    strict: true,
    skipLibCheck: false,
    types: [],
    outDir: "built",
    ...options,
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  try {
    return (await run(process.execPath, [tsc, "-p", project, ...flags], { cwd: project })).stdout;
  } catch (error) {
    // Errors in the program are what is asked for; there is nothing else that it tells in `stdout`.
    const { stdout } = error as { readonly stdout?: string };
    if (!stdout?.includes("error TS")) throw error;
    return stdout;
  }
}
