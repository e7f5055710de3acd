import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const longestTail = 200;

/** Collects the last lines of a server's log, and the URLs that it announces. */
export class ServerLog {
  readonly #lines: string[] = [];
  #signInLink: string | null = null;
  readonly #url = Promise.withResolvers<string>();

  /** The server's URL, once its log has it. */
  get url(): Promise<string> {
    return this.#url.promise;
  }

  /** The link that opens the page signed in, once; `null` if the log has none. */
  get signInLink(): string | null {
    return this.#signInLink;
  }

  read(stream: Readable): void {
    createInterface({ input: stream }).on("line", (line) => {
      const entry = parseEntry(line);
      if (typeof entry?.["url"] === "string") this.#url.resolve(entry["url"]);
      this.#signInLink ??= /\S+\/app\/#code=\S+/.exec(line)?.[0] ?? null;
      this.#lines.push(entry === null ? line : readable(entry));
      if (this.#lines.length > longestTail) this.#lines.shift();
    });
  }

  tail(count: number): string[] {
    return this.#lines.filter((line) => line.trim() !== "").slice(-count);
  }
}

type Entry = Readonly<Record<string, unknown>>;

function parseEntry(line: string): Entry | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Entry) : null;
  } catch {
    return null;
  }
}

const levels: Readonly<Record<number, string>> = { 40: "warning: ", 50: "error: ", 60: "fatal: " };

function readable(entry: Entry): string {
  const level = levels[Number(entry["level"])] ?? "";
  const error = entry["err"] as { message?: unknown } | undefined;
  const cause = error?.message === undefined ? "" : ` (${String(error.message)})`;
  return `${level}${String(entry["msg"] ?? "")}${cause}`;
}
