import type {
  ItemReview,
  MetricVersion,
  ReviewItem,
  ReviewQueueSummary,
  SpanScoreResponse,
} from "@pandaprobe/contract";
import type { ContentRanks, TraceSummary } from "@pandaprobe/contract/otel";
import type { OtelEvaluation, OtelMessage, OwnMetric, TargetType } from "@pandaprobe/contract/rules";
import type {
  EvalRunResponse,
  MonitorResponse,
  SessionScoreResponse,
  SpanResponse,
  TraceResponse,
  TraceScoreResponse,
  TraceScoreRevision,
} from "@pandaprobe/sdk";

/** The given fields of a trace, over the defaults. */
export type TraceFields = Omit<TraceResponse, "spans" | "total_tokens" | "total_cost" | "unpriced_spans">;

/** The given fields of a span, over the defaults. */
export type SpanFields = Omit<SpanResponse, "latency_ms" | "time_to_first_token_ms">;

export interface StoredTrace {
  fields: TraceFields;
  /** By id, in insertion order. */
  readonly spans: Map<string, SpanFields>;
  /** Its summary from OpenTelemetry's spans; `null` if there were none. */
  summary: TraceSummary | null;
  /** The ranks of spans that lack input or output and may decide the trace's, by id. */
  readonly ranks: Map<string, ContentRanks>;
  /** The number of its last change, see `Changes`. */
  changed: number;
  /** The time of its last change. */
  changedAt: number;
}

/** A score as it is stored. Whether it is stale is determined when it is read. */
export type Judged<Score extends { readonly stale: boolean }> = Omit<Score, "stale"> & {
  /** The hash of the judged content; `null` if unknown. */
  readonly content: number | null;
  /** Whether a person has changed its value. */
  readonly corrected: boolean;
};

export type AnyScore = Judged<TraceScoreResponse> | Judged<SessionScoreResponse>;

/** A score and its revisions. */
export interface StoredScore<Score extends AnyScore> {
  score: Score;
  readonly revisions: TraceScoreRevision[];
}

export interface Target {
  readonly id: string;
  /** The metrics to evaluate. In a retry, those without a successful score. */
  readonly metrics: readonly string[];
}

/** How a scripted run fails. */
export interface RunFailure {
  readonly message: string;
  /** After this many targets. */
  readonly after: number;
}

export interface Run {
  readonly type: TargetType;
  /** The run as the API returns it. */
  readonly response: EvalRunResponse;
  readonly targets: readonly Target[];
  readonly thresholds: Readonly<Record<string, number>>;
  /** The definitions of its metrics that are the project's own, by name. */
  readonly own: ReadonlyMap<string, OwnMetric>;
  /** The judges of metrics that have their own, by metric. */
  readonly others: ReadonlyMap<string, string>;
  /** How long each target takes, in milliseconds. */
  readonly targetMs: number;
  readonly failure: RunFailure | undefined;
  /** When its first target started. */
  startedAt: number;
}

/** A monitor and the number of the last change it has seen. */
export interface StoredMonitor {
  monitor: MonitorResponse;
  seen: number;
  /** The ids of the traces that were still being written at that time. */
  unwritten: ReadonlySet<string>;
}

/** A metric of the project's own. */
export interface StoredMetric {
  /** The latest. Deleting the metric keeps it. */
  version: number;
  createdAt: string;
  /** Newest first; empty once it is deleted. */
  versions: MetricVersion[];
}

/** A trace or session of a review queue, with what each reviewer did. Expired claims may still be in it. */
export interface StoredReviewItem extends Omit<ReviewItem, "status" | "reviews"> {
  readonly reviews: Map<string, ItemReview>;
}

export interface StoredReviewQueue {
  fields: Omit<
    ReviewQueueSummary,
    "item_count" | "completed_count" | "claimed_count" | "skipped_count" | "remaining_count"
  >;
  /** In their order. */
  items: StoredReviewItem[];
}

/** The stored answer of an `Idempotency-Key`. */
export interface KeptAnswer {
  /** What identifies the request: its method, URL and body. */
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
  readonly at: number;
}

/** A message of a model call from a log event. */
export interface KeptMessage {
  readonly message: OtelMessage;
  readonly at: number;
  /** Whether its span still lacks its content. */
  waiting: boolean;
}

/** Everything stored in one project, by id, in insertion order. */
export class Project {
  readonly id: string;
  /** The time of its first write. `null`: nothing was written yet. */
  createdAt: string | null = null;
  /** When its runs were created, including deleted ones. */
  readonly runTimes: number[] = [];
  readonly traces = new Map<string, StoredTrace>();
  readonly traceScores = new Map<string, StoredScore<Judged<TraceScoreResponse>>>();
  readonly sessionScores = new Map<string, StoredScore<Judged<SessionScoreResponse>>>();
  readonly spanScores = new Map<string, SpanScoreResponse>();
  readonly runs = new Map<string, Run>();
  readonly monitors = new Map<string, StoredMonitor>();
  /** By name. */
  readonly metrics = new Map<string, StoredMetric>();
  readonly reviewQueues = new Map<string, StoredReviewQueue>();
  readonly answers = new Map<string, KeptAnswer>();
  /** Evaluation results from OpenTelemetry, of the last day. `waiting` is `null` once it is a score. */
  readonly evaluations = new Map<string, { readonly waiting: OtelEvaluation | null; readonly at: number }>();
  /** Messages of model calls from OpenTelemetry's logs, of the last day. */
  readonly messages = new Map<string, KeptMessage>();

  constructor(id: string) {
    this.id = id;
  }
}

export function traceScoresOf({ traceScores }: Project): Judged<TraceScoreResponse>[] {
  return [...traceScores.values()].map(({ score }) => score);
}

export function sessionScoresOf({ sessionScores }: Project): Judged<SessionScoreResponse>[] {
  return [...sessionScores.values()].map(({ score }) => score);
}
