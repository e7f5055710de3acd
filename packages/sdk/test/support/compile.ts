import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

const tsc = fileURLToPath(new URL("tsc.js", import.meta.resolve("typescript")));

export type ModuleResolution = "node16" | "nodenext" | "bundler";

/** Compiles files of a project, and all libraries that they name, into its folder `built`; tells the errors, one a line. */
export async function compile(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
): Promise<string[]> {
  const lines = (await runTsc(project, moduleResolution, files)).split("\n");
  return lines.filter((line) => line !== "");
}

/** How much `tsc` had to do, in its own words. */
export interface CompilationCounts {
  readonly Identifiers: number;
  readonly Symbols: number;
  readonly Types: number;
  readonly Instantiations: number;
}

/** Counts a compilation. Unlike time and memory, it is the same each time. */
export async function compilationCounts(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
): Promise<CompilationCounts> {
  const output = await runTsc(project, moduleResolution, files, ["--extendedDiagnostics"]);
  const count = (name: string) => Number(new RegExp(`^${name}: +(\\d+)$`, "m").exec(output)?.[1]);
  return {
    Identifiers: count("Identifiers"),
    Symbols: count("Symbols"),
    Types: count("Types"),
    Instantiations: count("Instantiations"),
  };
}

async function runTsc(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
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
  };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const options = { cwd: project };
  try {
    return (await run(process.execPath, [tsc, "-p", project, ...flags], options)).stdout;
  } catch (error) {
    // Errors in the program are what is asked for; there is nothing else that it tells in `stdout`.
    const { stdout } = error as { readonly stdout?: string };
    if (!stdout?.includes("error TS")) throw error;
    return stdout;
  }
}
