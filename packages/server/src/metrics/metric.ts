import type { Judge } from "./judge.ts";
import type { AnyStage } from "./stage.ts";
import type { Subject } from "./subject.ts";

/** What a metric found: a score in [0, 1], where higher is better, the reason, and the findings behind it. */
export interface MetricResult {
  readonly score: number;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A metric of a single trace. To add one, write it in a file of its own and list it in `registry.ts`. */
export interface TraceMetric {
  readonly name: string;
  /** One sentence, shown by `GET /evaluations/trace-metrics`. */
  readonly description: string;
  /** A score at or above it counts as `success` in the metadata. */
  readonly defaultThreshold: number;
  /** The questions it asks a judge, in order, by their name within this metric; empty for a metric that only embeds. */
  readonly stages: Readonly<Record<string, AnyStage>>;
  /** Whether it needs an embedding model. */
  readonly embeds: boolean;
  /** @throws JudgeError if the judge could not answer; the reason of `signal` if it was aborted. */
  evaluate(subject: Subject, judge: Judge, signal: AbortSignal): Promise<MetricResult>;
}

/** Whether a metric asks the judge questions; one without questions only embeds. */
export function asksJudge({ stages }: Pick<TraceMetric, "stages">): boolean {
  return Object.keys(stages).length > 0;
}
