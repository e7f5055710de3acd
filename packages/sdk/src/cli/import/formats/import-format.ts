import type { ImportedScore, ImportedTrace, OnWrong, PlacedRow } from "../imported.ts";
import type { Row } from "../row.ts";

/** A row, and the group of rows that it belongs to. */
export interface Placing {
  /**
   * `traces`: rows of one trace. `spans`: scores of one span, and the row that names its trace. `sessions`:
   * scores of one session.
   */
  readonly group: Group;
  /** The id of the trace, span or session in the export. */
  readonly key: string;
  readonly row: Row;
}

export type Group = "traces" | "spans" | "sessions";

/** A format that `import` reads: how one product's exports become traces and scores. */
export interface ImportFormat {
  recognizes(row: Row): boolean;
  /**
   * Finds the group of a row, or of each part of it; none if there is nothing to import. @throws RowError if
   * an id is missing.
   */
  place(row: Row): readonly Placing[];
  /** Builds a trace from all its rows. */
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
