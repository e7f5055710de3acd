import type { ImportedScore, ImportedTrace, OnWrong, PlacedRow } from "../imported.ts";
import type { Row } from "../row.ts";

/** A row, and the group of rows that it belongs to. */
export interface Placing {
  /** `traces`: rows of one trace. `spans`: scores of one span, and what says which trace it is of. `sessions`: scores of one. */
  readonly group: Group;
  /** The id of the trace, span or session, as the export has it. */
  readonly key: string;
  readonly row: Row;
}

export type Group = "traces" | "spans" | "sessions";

/** A format that `import` reads: how one product's exports become traces and scores. */
export interface ImportFormat {
  recognizes(row: Row): boolean;
  /** Says where a row, or each part of it, belongs: nowhere if it has nothing to import. @throws RowError if an id is missing. */
  place(row: Row): readonly Placing[];
  /** Puts a trace together from all its rows. */
  trace(key: string, rows: readonly PlacedRow[], onWrong: OnWrong): ImportedTrace;
  spanScores(key: string, rows: readonly PlacedRow[], onWrong: OnWrong): readonly ImportedScore[];
  sessionScores(key: string, rows: readonly PlacedRow[], onWrong: OnWrong): readonly ImportedScore[];
}

/** Maps each row, and reports those that cannot be mapped. */
export function mapRows<Mapped>(
  rows: readonly PlacedRow[],
  onWrong: OnWrong,
  map: (placed: PlacedRow) => Mapped,
): Mapped[] {
  return rows.flatMap((placed) => {
    try {
      return [map(placed)];
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      onWrong(placed.place, error.message);
      return [];
    }
  });
}
