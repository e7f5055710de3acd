import type { ScoreDataType } from "@pandaprobe/contract";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { toJson } from "../../db/storable.ts";

/** The fields of a score that a client sent, except its target. */
interface SentScore {
  readonly name: string;
  readonly data_type: ScoreDataType;
  readonly value: string;
  readonly source: "ANNOTATION" | "PROGRAMMATIC";
  readonly reason?: string | null | undefined;
  readonly author_user_id?: string | null | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
}

/** The columns that all tables of scores have for it. */
export const sentColumns = [
  "id",
  "name",
  "data_type",
  "value",
  "source",
  "reason",
  "author_user_id",
  "metadata",
] as const;

/** The values of `sentColumns`, to be selected beside columns of the score's target. */
export function sentValues(score: SentScore) {
  return [
    sql<string>`${uuidv7()}::uuid`.as("id"),
    sql<string>`${score.name}::text`.as("name"),
    sql<ScoreDataType>`${score.data_type}::text`.as("data_type"),
    sql<string>`${score.value}::text`.as("value"),
    sql<SentScore["source"]>`${score.source}::text`.as("source"),
    sql<string | null>`${score.reason ?? null}::text`.as("reason"),
    sql<string | null>`${score.author_user_id ?? null}::text`.as("author_user_id"),
    sql<string>`${toJson(score.metadata ?? {})}::json`.as("metadata"),
  ] as const;
}
