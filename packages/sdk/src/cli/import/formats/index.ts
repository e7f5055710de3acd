import type { Row } from "../row.ts";
import type { ImportFormat } from "./import-format.ts";
import { langfuse } from "./langfuse.ts";
import { pandaprobe } from "./pandaprobe.ts";
import { phoenix } from "./phoenix.ts";

export type { Group, ImportFormat, Placing } from "./import-format.ts";

export const formats = { pandaprobe, phoenix, langfuse } as const satisfies Readonly<
  Record<string, ImportFormat>
>;

export type FormatName = keyof typeof formats;

/** The strictest first: each recognizes rows that those before it do not. */
export const formatNames: readonly FormatName[] = ["pandaprobe", "phoenix", "langfuse"];

/** The format of a row; `undefined` if it matches none. */
export function formatOfRow(row: Row): FormatName | undefined {
  return formatNames.find((name) => formats[name].recognizes(row));
}
