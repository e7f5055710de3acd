import { isRecord, parsed } from "@pandaprobe/contract/otel";

/** A row of an export: an object of any form. */
export type Row = Readonly<Record<string, unknown>>;

/** A row that cannot be imported; the message says why. The other rows are imported. */
export class RowError extends Error {
  override name = "RowError";
}

export const isRow = (value: unknown): value is Row => isRecord(value);

/** The first of these fields that is not empty. Programs write an empty text for a missing value. */
export function fieldOf(row: Row, ...names: readonly string[]): unknown {
  return names
    .map((name) => row[name])
    .find((value) => value !== undefined && value !== null && value !== "");
}

/** {@link fieldOf} as text: programs may write an id as a number. */
export function textOf(row: Row, ...names: readonly string[]): string | undefined {
  const value = fieldOf(row, ...names);
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
}

/** {@link textOf}. @throws RowError if there is none. */
export function requiredText(row: Row, ...names: readonly string[]): string {
  const text = textOf(row, ...names);
  if (text === undefined) throw new RowError(`It has no ${names[0]}.`);
  return text;
}

export function rowOf(row: Row, ...names: readonly string[]): Row {
  const value = parsed(fieldOf(row, ...names));
  return isRow(value) ? value : {};
}

/** The rows of a list. */
export function rowsOf(row: Row, name: string): readonly Row[] {
  const value = row[name];
  return Array.isArray(value) ? value.filter(isRow) : [];
}

export function textsOf(row: Row, name: string): string[] {
  const value = parsed(row[name]);
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
