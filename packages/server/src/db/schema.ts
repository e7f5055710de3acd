import type { Insertable, Selectable, Updateable } from "kysely";
import type { JudgingTables } from "./schema/judging.ts";
import type { ProjectTables } from "./schema/projects.ts";
import type { ReviewTables } from "./schema/reviews.ts";
import type { RunTables } from "./schema/runs.ts";
import type { ScoreTables } from "./schema/scores.ts";
import type { TraceTables } from "./schema/traces.ts";

export type { Json, JsonObject, Timestamp } from "./schema/columns.ts";

/** Every table. */
export interface Schema
  extends ProjectTables,
    TraceTables,
    ScoreTables,
    RunTables,
    JudgingTables,
    ReviewTables {}

export type Row<Table extends keyof Schema> = Selectable<Schema[Table]>;
export type NewRow<Table extends keyof Schema> = Insertable<Schema[Table]>;
export type ChangedRow<Table extends keyof Schema> = Updateable<Schema[Table]>;
