import type { TargetType } from "@pandaprobe/contract/rules";
import type {
  EvalRunResponse,
  MonitorResponse,
  SessionScoreResponse,
  SpanResponse,
  TraceResponse,
  TraceScoreResponse,
  TraceScoreRevision,
} from "@pandaprobe/sdk";

/** What was sent of a trace, over the defaults. */
export type TraceFields = Omit<TraceResponse, "spans" | "total_tokens" | "total_cost">;

/** What was sent of a span, over the defaults. */
export type SpanFields = Omit<SpanResponse, "latency_ms" | "time_to_first_token_ms">;

export interface StoredTrace {
  fields: TraceFields;
  /** By id, in the order they came. */
  readonly spans: Map<string, SpanFields>;
  /** When it was last stored or changed, among all changes of traces. */
  changed: number;
}

/** A trace's score, and what it was before. */
export interface StoredScore {
  score: TraceScoreResponse;
  readonly revisions: TraceScoreRevision[];
}

export interface Target {
  readonly id: string;
  /** What it is evaluated by: of a retry, what the original has no score for. */
  readonly metrics: readonly string[];
}

/** A run that is to end FAILED. */
export interface RunFailure {
  readonly message: string;
  /** After so many targets. */
  readonly after: number;
}

export interface Run {
  readonly type: TargetType;
  /** As it is answered. */
  readonly response: EvalRunResponse;
  readonly targets: readonly Target[];
  readonly thresholds: Readonly<Record<string, number>>;
  /** How long each target takes. */
  readonly targetMs: number;
  readonly failure: RunFailure | undefined;
  /** When its first target began. */
  startedAt: number;
}

/** A monitor, and the last change of a trace that it has seen. */
export interface StoredMonitor {
  monitor: MonitorResponse;
  seen: number;
}

/** The answer that was given for an `Idempotency-Key`. */
export interface KeptAnswer {
  /** What makes a request the same request: its method, its URL and its body. */
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
  readonly at: number;
}

/** All that is stored of one project, by id, in the order it came. */
export class Project {
  readonly id: string;
  /** When something was first written to it. */
  createdAt: string | null = null;
  /** When its runs were made, deleted ones included. */
  readonly runTimes: number[] = [];
  readonly traces = new Map<string, StoredTrace>();
  readonly traceScores = new Map<string, StoredScore>();
  readonly sessionScores = new Map<string, SessionScoreResponse>();
  readonly runs = new Map<string, Run>();
  readonly monitors = new Map<string, StoredMonitor>();
  readonly answers = new Map<string, KeptAnswer>();

  constructor(id: string) {
    this.id = id;
  }
}
