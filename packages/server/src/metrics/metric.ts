import type { MetricDescription, MetricResult } from "@pandaprobe/contract/rules";
import type { Judge } from "./judge.ts";
import type { AnyStage } from "./stage.ts";
import type { Subject } from "./subject.ts";

/**
 * A metric of a single trace. To add one, list it in the catalogue of `@pandaprobe/contract/rules`, write it in a file of its own,
 * and list that in `registry.ts`.
 */
export interface TraceMetric extends MetricDescription {
  /** The questions it asks a judge, in order, by their name within this metric; empty for a metric that only embeds. */
  readonly stages: Readonly<Record<string, AnyStage>>;
  /** Whether it needs an embedding model. */
  readonly embeds: boolean;
  /** The version of a project's own metric, which its scores carry. Default: built-in. */
  readonly version?: number | undefined;
  /** Whether it may take very long, so that it is evaluated by itself in a thread. Default: false. */
  readonly needsThread?: boolean | undefined;
  /** @throws JudgeError if the judge could not answer; the reason of `signal` if it was aborted. */
  evaluate(subject: Subject, judge: Judge, signal: AbortSignal): Promise<MetricResult>;
}

/** Whether a metric asks the judge questions; one without questions embeds, or only reads the trace. */
export function asksJudge({ stages }: Pick<TraceMetric, "stages">): boolean {
  return Object.keys(stages).length > 0;
}

/** Whether a metric uses no model at all. */
export function onlyReads({ stages, embeds }: Pick<TraceMetric, "stages" | "embeds">): boolean {
  return !embeds && !asksJudge({ stages });
}
