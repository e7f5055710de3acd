import type { Performance } from "./perform.ts";

const marks = { true: "holds", false: "BROKEN", null: "" } as const;

/** All findings as a Markdown table. */
export function resultsTable(performances: readonly { name: string; performance: Performance }[]): string {
  const rows = performances.flatMap(({ name, performance: { findings, seconds } }) =>
    findings.map(({ what, measured, holds }, i) => [
      i === 0 ? `${name} (${seconds.toFixed(0)} s)` : "",
      what,
      measured.split("\n")[0] ?? "",
      marks[`${holds}`],
    ]),
  );
  const table = [["scenario", "what", "measured", ""], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...table.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = table;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
