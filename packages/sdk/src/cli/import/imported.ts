import type { CreateTraceScoreRequest, TraceCreate } from "@pandaprobe/sdk";
import type { CreateSessionScoreRequest, CreateSpanScoreRequest } from "@pandaprobe/sdk/review";
import type { Row } from "./row.ts";

/** Where a row was read, for messages: `traces.jsonl:12`. */
export type Place = string;

export interface PlacedRow {
  readonly place: Place;
  readonly row: Row;
}

/** What a score is about. */
export type ScoreTarget =
  | Pick<CreateTraceScoreRequest, "trace_id">
  | Pick<CreateSpanScoreRequest, "trace_id" | "span_id">
  | Pick<CreateSessionScoreRequest, "session_id">;

/** The origin of a score. It is stored in the metadata, so that a second import finds it. */
export interface Origin {
  readonly from: string;
  readonly id: string;
  readonly created_at?: unknown;
  readonly source?: unknown;
}

/** A score to send. */
export interface ImportedScore {
  readonly place: Place;
  readonly target: ScoreTarget;
  readonly origin: Origin;
  readonly body: ScoreBody;
}

export type ScoreBody = Omit<CreateTraceScoreRequest, "trace_id">;

/** A trace to send, with its scores. */
export interface ImportedTrace {
  readonly place: Place;
  /** `null` if the files contain only its scores. */
  readonly trace: TraceCreate | null;
  readonly scores: readonly ImportedScore[];
}

/** Called with a row that cannot be imported. */
export type OnWrong = (place: Place, message: string) => void;
