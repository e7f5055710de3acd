import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.ts";

/** The compilers that programs are compiled with, by their major version. 7 takes a fifth of the time. */
const compilers = {
  6: fileURLToPath(new URL("tsc.js", import.meta.resolve("typescript"))),
  7: fileURLToPath(new URL("../bin/tsc", import.meta.resolve("typescript-7"))),
} as const;

export type TypeScriptVersion = keyof typeof compilers;

export type ModuleResolution = "node16" | "nodenext" | "bundler";

/**
 * Compiles files of a project into its folder `built`, and checks the libraries that they import.
 *
 * @param options compiler options that differ from those of an empty project.
 * @returns the errors, one a line.
 */
export async function compile(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
  {
    version = 7,
    ...options
  }: { readonly version?: TypeScriptVersion; readonly [option: string]: unknown } = {},
): Promise<string[]> {
  const lines = (await runTsc(version, project, moduleResolution, files, options)).split("\n");
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

/** `tsc`'s statistics of a compilation, in its words and units. The counts are the same each time. */
export type CompilationStatistics = Readonly<Record<(typeof statisticNames)[number], number>>;

/** Compiles, and returns what that took. Throws if there are errors. */
export async function measureCompilation(
  project: string,
  moduleResolution: ModuleResolution,
  files: readonly string[],
): Promise<CompilationStatistics> {
  const output = await runTsc(7, project, moduleResolution, files, {}, ["--extendedDiagnostics"]);
  if (output.includes("error TS")) throw new Error(output);
  const read = (name: string) => Number(new RegExp(`^${name}: +([\\d.]+)`, "m").exec(output)?.[1]);
  const statistics = statisticNames.map((name) => [name, read(name)] as const);
  return Object.fromEntries(statistics) as CompilationStatistics;
}

async function runTsc(
  version: TypeScriptVersion,
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
    // Half the work of many threads, and as fast on small programs.
    const threads = version === 7 ? ["--singleThreaded"] : [];
    const args = [compilers[version], "-p", project, ...threads, ...flags];
    return (await run(process.execPath, args, { cwd: project })).stdout;
  } catch (error) {
    // Compile errors are a result. `tsc` prints them to `stdout`, and nothing else.
    const { stdout } = error as { readonly stdout?: string };
    if (!stdout?.includes("error TS")) throw error;
    return stdout;
  }
}
