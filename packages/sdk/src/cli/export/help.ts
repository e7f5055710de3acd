import { connectionHelp } from "../connect.ts";
import { filterNames, wrapped } from "../filters.ts";

/** The options of `export`. */
export const exportHelp = `Usage: pandaprobe export --traces|--scores|--session-scores|--run <id> [options]

Writes traces with their spans, or scores, to a file, newest first:

  pandaprobe export --traces --since 7d --out traces.jsonl
  pandaprobe export --traces --filter release=v42 --filter tags=support | gzip > traces.jsonl.gz
  pandaprobe export --scores --filter name=task_completion --format csv --out scores.csv
  pandaprobe export --run 019ce180-7185-70d1-a4cb-3656fed4e2a3 --out run.jsonl

What to export
      --traces                traces, each with its spans
      --scores                scores of traces
      --session-scores        scores of sessions
      --run <id>              the traces that a run has scored, then its scores; with one of the above, only those
      --filter <name=value>   only rows that match; repeat it for more filters, which must all match (tags: any)
                              for traces: ${wrapped(filterNames.trace)}
                              for scores: ${wrapped(filterNames["trace score"])}
                              for session scores: session_id, and those for scores except trace_id and data_type
      --since <time>          only recent ones: 90s, 30m, 24h, 7d, 2w; the same as --filter date_from=<then>

Output
      --format <format>       jsonl (the default): one JSON object on each line, as the API returns it;
                              csv: for spreadsheets, with lists and objects as JSON
      --out <file>            where to write; - for standard output (-). Until it is complete, the file is named
                              <file>.partial
      --resume                continue after what <file>.partial holds; use the same options as before (jsonl only)
  -q, --quiet                 no progress, and no messages except errors

${connectionHelp}  -h, --help                  show this help

Ctrl-C ends the export after the line that is being written.

Exit codes: 0 complete; 2 wrong usage: an option, the key, a file that cannot be written; 3 incomplete: the server could
not be reached, or the disk is full; 129, 130, 143 interrupted; 141 the reader of standard output ended early.
`;
