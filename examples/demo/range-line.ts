import { dim, scoreColor } from "./colors.ts";

export interface Range {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The smallest score, the median and the largest on a line from 0 to 1, `columns` wide. */
export function rangeLine({ min, median, max }: Range, columns: number): string {
  const place = (score: number) => Math.round(score * (columns - 1));
  return Array.from({ length: columns }, (_, column) => {
    if (column === place(median)) return scoreColor(median, "┃");
    if (column === place(min)) return "├";
    if (column === place(max)) return "┤";
    return column > place(min) && column < place(max) ? "─" : dim("·");
  }).join("");
}
