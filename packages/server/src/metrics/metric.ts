import type { Judge } from "./judge.ts";
import type { AnyStage } from "./stage.ts";
import type { Subject } from "./subject.ts";

/** What a metric found: a score in [0, 1], higher is better, with the reason and what it rests on. */
export interface Verdict {
  readonly score: number;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A metric of a single trace. To add one: write it in a file of its own and list it in `registry.ts`. */
export interface TraceMetric {
  readonly name: string;
  /** One sentence, shown by `GET /evaluations/trace-metrics`. */
  readonly description: string;
  /** A score at or above it counts as `success` in the metadata. */
  readonly defaultThreshold: number;
  /** The questions it asks a judge, by the name they have in this metric, in order; none for one that only embeds. */
  readonly stages: Readonly<Record<string, AnyStage>>;
  /** Whether it needs embeddings (and so an embedding model). */
  readonly embeds: boolean;
  /** @throws JudgeError when the judge could not answer; whatever `signal` was aborted with. */
  evaluate(subject: Subject, judge: Judge, signal: AbortSignal): Promise<Verdict>;
}

/** Whether a metric has questions for the judge; one that has none only embeds. */
export function asksJudge({ stages }: Pick<TraceMetric, "stages">): boolean {
  return Object.keys(stages).length > 0;
}
