import type { Generated } from "kysely";
import type { DefaultNow, Json, JsonObject, Timestamp } from "./columns.ts";

/** Calls to models, one row for each attempt. */
interface JudgeCallsTable {
  project_id: string;
  id: string;
  /** The run may have been deleted. */
  run_id: string;
  kind: "ASK" | "EMBED";
  /** `provider/model`. */
  model: string;
  settings: Json<JsonObject>;
  /** The keys of its answers. */
  keys: Buffer[];
  /** The attempt at the question, from 1. */
  attempt: number;
  /** PENDING: in flight, or its process died. The reserved cost counts as spent. */
  status: "PENDING" | "ANSWERED" | "FAILED" | "UNKNOWN";
  /** Its highest possible cost in USD; `null` if the price is unknown, as in `cost_usd`. */
  reserved_usd: string | null;
  cost_usd: string | null;
  input_tokens: number | null;
  output_tokens: number | null;
  latency_ms: number | null;
  error: string | null;
  /** Whether `judge_questions` has its traces; false if an older server made the call. */
  is_linked: Generated<boolean>;
  created_at: DefaultNow;
  ended_at: Timestamp | null;
}

/** Answers of models: either a text or a vector. */
interface JudgeAnswersTable {
  project_id: string;
  /** SHA-256 of everything that the answer depends on. */
  key: Buffer;
  call_id: string;
  answer: string | null;
  /** 32-bit floats, little-endian. */
  vector: Buffer | null;
  /** As in `judge_calls`. */
  is_linked: Generated<boolean>;
  created_at: DefaultNow;
}

/** Links questions to the traces that they are about. */
interface JudgeQuestionsTable {
  project_id: string;
  trace_id: string;
  /** As in `judge_answers`, which may have no row for it. */
  key: Buffer;
  /** Precise to the day. */
  asked_at: DefaultNow;
}

/** The questions of calls in flight. */
interface JudgeClaimsTable {
  project_id: string;
  /** As in `judge_answers`. */
  key: Buffer;
  call_id: string;
  process_id: string;
  /** After this time, the process of the call must have died. */
  expires_at: Timestamp;
}

/** The virtual clock of the fair queue, in one row. */
interface FeedingClockTable {
  only_one: Generated<boolean>;
  /** The current virtual time, as far as dispatchers have advanced it. */
  turn: number;
}

/** The state of models, shared by all processes. */
interface JudgeModelsTable {
  /** As `provider/model`, or a provider whose models share their limits. */
  model: string;
  /** A `ModelState` of `judge/limits`. */
  state: Json<JsonObject>;
}

interface WorkersTable {
  /** The id that locks the worker's jobs. */
  id: string;
  pid: number;
  hostname: string;
  /** Its last heartbeat. */
  seen_at: Timestamp;
  /** How many jobs of one project the worker runs at once: its slots. */
  places: Generated<number>;
  /** The id under which its process claims questions. */
  process_id: string | null;
}

/** Calls to models, and the processes that make them. */
export interface JudgingTables {
  judge_calls: JudgeCallsTable;
  judge_answers: JudgeAnswersTable;
  judge_questions: JudgeQuestionsTable;
  judge_claims: JudgeClaimsTable;
  feeding_clock: FeedingClockTable;
  judge_models: JudgeModelsTable;
  workers: WorkersTable;
}
