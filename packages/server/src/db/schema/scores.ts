import type { ScoreDataType, ScoreSource, ScoreStatus } from "@pandaprobe/contract";
import type { ColumnType, Generated, GeneratedAlways, RawBuilder } from "kysely";
import type { DefaultNow, Json, JsonObject, Timestamp } from "./columns.ts";

interface ScoreColumns {
  project_id: string;
  id: string;
  name: string;
  data_type: ScoreDataType;
  author_user_id: string | null;
  reason: string | null;
  metadata: Json<JsonObject>;
  created_at: DefaultNow;
  updated_at: DefaultNow;
}

/** The columns of scores that a judge may have given. */
interface JudgedScoreColumns extends ScoreColumns {
  value: string | null;
  /** The value of a NUMERIC score as a number. */
  numeric_value: number | null;
  source: ScoreSource;
  status: ScoreStatus;
  eval_run_id: string | null;
  /** Whether there was something to judge. */
  applicable: GeneratedAlways<boolean>;
  /** Whether the score reached its threshold; null without a threshold, or if it failed or is not applicable. */
  passed: GeneratedAlways<boolean | null>;
  /**
   * The `content_hash` of the trace, or the `session_content` of the session, when it was judged; `null`: unknown.
   * Read it as text, since it has 64 bits.
   */
  content_hash: ColumnType<number | null, string | null | undefined, RawBuilder<number>>;
  /** Whether a person has changed its value. */
  corrected: Generated<boolean>;
}

interface TraceScoresTable extends JudgedScoreColumns {
  trace_id: string;
  environment: string | null;
  config_id: string | null;
}

interface SessionScoresTable extends JudgedScoreColumns {
  session_id: string;
}

/** Scores of single spans, by people and programs. */
interface SpanScoresTable extends ScoreColumns {
  trace_id: string;
  span_id: string;
  value: string;
  source: "ANNOTATION" | "PROGRAMMATIC";
}

/** Which scores a row of the rollups counts. */
type ScoreTargetType = "TRACE" | "SESSION";

/** A change of scores that is not in the rollups yet. Only triggers write here. */
interface ScoreDeltasTable {
  project_id: string;
  id: Generated<number>;
  target_type: ScoreTargetType;
  name: string;
  hour: Timestamp;
  /** The number that statistics count; NaN for scores that they leave out. */
  value: number;
  /** By how much the number of scores changed. */
  scores: number;
  successes: number;
  failures: number;
  /** Of the graded scores, those that reached their threshold. */
  passes: number;
  /** Applicable scores that have a threshold. */
  graded: number;
  not_applicable: number;
}

/** How many scores of a name had which value on a day (UTC). Only `fold_score_deltas` writes here. */
interface ScoreDaysTable extends Omit<ScoreDeltasTable, "id" | "hour"> {
  day: string;
}

/** How many scores of a name had a number in an hour, and their sum. Only `fold_score_deltas` writes here. */
interface ScoreHoursTable
  extends Pick<ScoreDeltasTable, "project_id" | "target_type" | "name" | "hour" | "scores"> {
  total: number;
}
/** The state of a trace or session score before a change. */
interface ScoreRevisionsTable {
  project_id: string;
  score_id: string;
  /** From 1. */
  revision: number;
  value: string | null;
  status: ScoreStatus;
  source: ScoreSource;
  author_user_id: string | null;
  reason: string | null;
  metadata: Json<JsonObject>;
  set_at: Timestamp;
  replaced_at: Timestamp;
}

/** Scores, and their rollups for analytics. */
export interface ScoreTables {
  trace_scores: TraceScoresTable;
  session_scores: SessionScoresTable;
  span_scores: SpanScoresTable;
  score_deltas: ScoreDeltasTable;
  score_days: ScoreDaysTable;
  score_hours: ScoreHoursTable;
  trace_score_revisions: ScoreRevisionsTable;
  session_score_revisions: ScoreRevisionsTable;
}
