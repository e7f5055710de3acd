import { dim } from "./colors.ts";

/** A horizontal bar, `columns` wide, filled to a share from 0 to 1. */
export function bar(share: number, columns: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * columns);
  return `${"█".repeat(filled)}${dim("░".repeat(columns - filled))}`;
}
