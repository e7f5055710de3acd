import type { ColumnType } from "kysely";

/** A `timestamptz`: read and written as UTC text with milliseconds (`database.ts` sets the parser). */
export type Timestamp = string;
/** Set by the database when the row is inserted. */
export type DefaultNow = ColumnType<Timestamp, Timestamp | undefined, Timestamp>;
/** A `json` column: parsed when read, written as text from `db/storable.ts`. */
export type Json<T> = ColumnType<T, string, string>;
export type JsonObject = Record<string, unknown>;
