import { posix } from "node:path";
import { allowed, tics } from "./word-list.ts";

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** The longest line of a document, in characters. Tables, code and URLs may be longer. */
export const maxLineLength = 120;

/** Lines of a Markdown document that are too long to read and to diff. */
export function findLongLines(file: string, text: string): Problem[] {
  const problems: Problem[] = [];
  let fence = "";
  for (const [index, line] of text.split("\n").entries()) {
    const [mark = ""] = /^ *(?:```|~~~)/.exec(line) ?? [];
    if (mark !== "" && (fence === "" || fence === mark.trim())) {
      fence = fence === "" ? mark.trim() : "";
      continue;
    }
    const isCode = fence !== "" || line.startsWith("    ");
    if (isCode || line.startsWith("|")) continue;
    const length = [...line.replaceAll(/https?:\/\/[^\s)]+/g, "")].length;
    if (length > maxLineLength) {
      problems.push({ file, line: index + 1, message: `${length} characters; at most ${maxLineLength}` });
    }
  }
  return problems;
}

/** A space, or the line break of a paragraph or of a wrapped comment. */
const gap = "\\s+(?:(?://+|\\*|>|--) *)?";
const patterns = tics.map(({ phrase, instead }) => {
  const start = phrase.source.startsWith(",") ? "" : "(?<![\\w-])";
  return { pattern: new RegExp(`${start}${phrase.source.replaceAll(" ", gap)}(?![\\w-])`, "gi"), instead };
});

/** Phrases of the word list. */
export function findTics(file: string, text: string): Problem[] {
  return patterns
    .flatMap(({ pattern, instead }) =>
      [...text.matchAll(pattern)].map((match) => ({
        found: match[0].replaceAll(/\s+/g, " "),
        at: match.index,
        instead,
      })),
    )
    .filter(({ found }) => !allowed.some((each) => each.text === found && (each.file ?? file) === file))
    .map(({ found, at, instead }) => ({
      file,
      line: text.slice(0, at).split("\n").length,
      message: `"${found}": say ${instead}`,
    }))
    .sort((a, b) => a.line - b.line);
}

/** The anchors that GitHub gives the headings of a Markdown document. */
export function anchorsOf(text: string): Set<string> {
  const headings = text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#+ (.+)$/gm);
  const anchors = [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
  return new Set(anchors);
}

/**
 * Links of a Markdown document to files and headings that do not exist.
 *
 * @param read the text of a file of the repository; undefined if there is none, and "" for a folder.
 */
export function findBrokenLinks(
  file: string,
  text: string,
  read: (path: string) => string | undefined,
): Problem[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap((match) => {
    const [, target = ""] = match;
    if (/^[a-z]+:/.test(target)) return [];
    const [path = "", anchor] = target.split("#");
    const linked = path === "" ? text : read(posix.join(posix.dirname(file), path));
    if (linked !== undefined && (anchor === undefined || anchorsOf(linked).has(anchor))) return [];
    return [{ file, line: text.slice(0, match.index).split("\n").length, message: `broken link: ${target}` }];
  });
}
