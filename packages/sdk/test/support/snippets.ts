import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { API, type APIOptions, type Diagnostic } from "typescript-7/unstable/sync";

/** A fenced `ts` block of a page, or of a comment in a source file. */
export interface Snippet {
  /** Relative to the folder that the snippets were read from. */
  readonly file: string;
  /** The line of the first line of code, from 1. */
  readonly line: number;
  readonly code: string;
}

export function readSnippets(folder: string, file: string): Snippet[] {
  const text = readFileSync(join(folder, file), "utf8");
  return [...text.matchAll(/^ *(\* )?```ts\n(.*?)^ *(?:\* )?```$/gms)].map(
    ({ index, 1: star, 2: block = "" }) => ({
      file,
      line: text.slice(0, index).split("\n").length + 1,
      code: star === undefined ? block : block.replace(/^ *\* ?/gm, ""),
    }),
  );
}

/** A snippet as the compiler sees it. */
export interface SnippetFile {
  readonly snippet: Snippet;
  /** Where the compiler finds it; the file does not exist. */
  readonly path: string;
  /** Code before the snippet's. Default: none. */
  readonly prelude?: string;
}

/**
 * Compiles snippets with the options of a `tsconfig.json`.
 *
 * @returns the errors, as `file:line: message`.
 */
export function compileSnippets(tsconfig: string, files: readonly SnippetFile[]): string[] {
  // Without an export, a snippet without imports would be a script, and share its names with all others.
  const sources = new Map(
    files.map(({ path, prelude = "", snippet }) => [path, `${prelude}${snippet.code}\nexport {};\n`]),
  );
  const project = join(dirname(tsconfig), "tsconfig.snippets.json");
  // A snippet may declare names that it does not use.
  const compilerOptions = { noUnusedLocals: false, noEmit: true };
  const config = { extends: tsconfig, compilerOptions, include: [], files: [...sources.keys()] };
  const compiler = new API({ fs: filesBesides(new Map(sources).set(project, JSON.stringify(config))) });
  try {
    const program = compiler.updateSnapshot({ openProjects: [project] }).getProject(project)?.program;
    if (program === undefined) throw new Error(`The compiler does not read ${tsconfig}.`);
    const ofSnippets = files.flatMap(({ path }) => [
      ...program.getSyntacticDiagnostics(path),
      ...program.getSemanticDiagnostics(path),
    ]);
    return [...program.getProgramDiagnostics(), ...ofSnippets].map((each) => describe(each, files, sources));
  } finally {
    compiler.close();
  }
}

/** A file system with these files, and all that exist. */
function filesBesides(files: ReadonlyMap<string, string>): NonNullable<APIOptions["fs"]> {
  return {
    fileExists: (path) => files.has(path) || undefined,
    readFile: (path) => files.get(path),
  };
}

function describe(
  { fileName, pos, text, messageChain = [] }: Diagnostic,
  files: readonly SnippetFile[],
  sources: ReadonlyMap<string, string>,
): string {
  const message = [text, ...messageChain.map((each) => each.text)].join(" ");
  const found = files.find(({ path }) => path === fileName);
  if (found === undefined) return `${fileName ?? "options"}: ${message}`;
  const { path, snippet, prelude = "" } = found;
  const linesBefore = (sources.get(path) ?? "").slice(0, pos).split("\n").length - prelude.split("\n").length;
  return `${snippet.file}:${snippet.line + linesBefore}: ${message}`;
}
