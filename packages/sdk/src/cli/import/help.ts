import { connectionHelp } from "../connect.ts";

/** The options of `import`. */
export const importHelp = `Usage: pandaprobe import <file> [<file> …] [options]

Stores the traces and scores of files that Langfuse, Phoenix or \`pandaprobe export\` wrote:

  pandaprobe import traces.jsonl observations.jsonl scores.jsonl --dry-run
  pandaprobe import spans.jsonl.gz annotations.jsonl --from phoenix

Files are JSON Lines, also compressed with gzip; - is standard input. Rows of one trace may be in any order and in
several files: name all files of an export together. Importing them again changes nothing.

      --from <format>         langfuse, phoenix or pandaprobe; by default, each file's first row decides
      --dry-run               send nothing, but say what would be imported
      --strict                stop at the first row that cannot be imported; by default it is reported with its line,
                              and the others are imported. Nothing is sent before all files are read
      --concurrency <n>       how many requests to make at once, from 1 to 16 (4)
  -q, --quiet                 no progress, and no messages except errors

${connectionHelp}  -h, --help                  show this help

Exit codes: 0 all imported; 1 some rows could not be; 2 wrong usage: an option, a file, the key; 3 incomplete: the
server could not be reached, or the disk is full; 129, 130, 143 interrupted. Run the same command again to import the rest.
`;
