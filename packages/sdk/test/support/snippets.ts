import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

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
  const options = compilerOptions(tsconfig);
  const program = ts.createProgram([...sources.keys()], options, hostWith(sources, options));
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => describe(diagnostic, files));
}

function compilerOptions(tsconfig: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, dirname(tsconfig));
  // A snippet may declare names that it does not use.
  return { ...options, noUnusedLocals: false, noEmit: true };
}

function hostWith(sources: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path) ?? host.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const source = sources.get(path);
      return source === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, source, languageVersion);
    },
  };
}

function describe({ file, start = 0, messageText }: ts.Diagnostic, files: readonly SnippetFile[]): string {
  const message = ts.flattenDiagnosticMessageText(messageText, " ");
  const found = files.find(({ path }) => path === file?.fileName);
  if (file === undefined || found === undefined) return `${file?.fileName ?? "options"}: ${message}`;
  const { snippet, prelude = "" } = found;
  const line = file.getLineAndCharacterOfPosition(start).line - (prelude.split("\n").length - 1);
  return `${snippet.file}:${snippet.line + line}: ${message}`;
}
