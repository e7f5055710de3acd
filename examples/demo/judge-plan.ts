import type { PandaProbe, RequestOptions } from "@pandaprobe/sdk";

/** Which judge will be used, and how many questions it will be asked. */
export interface JudgePlan {
  /** `provider/model`. */
  readonly model: string;
  /** Whether it is the built-in heuristic, which makes no calls. */
  readonly isHeuristic: boolean;
  /** The most questions about one trace; a question that several metrics share counts once. */
  readonly mostQuestionsPerTrace: number;
  /** The most questions about one trace of a session. */
  readonly mostQuestionsPerSignals: number;
  /** The metrics that only embed. */
  readonly embeddingMetrics: readonly string[];
}

/** The signals that ask the judge; the other two compare embeddings. */
const askedSignals: readonly string[] = ["confidence", "tool_correctness"];

/** Asks the server what its default judge is, and what each metric would ask it. */
export async function planJudging(
  client: PandaProbe,
  metrics: readonly string[],
  options: RequestOptions,
): Promise<JudgePlan> {
  const templates = await Promise.all(metrics.map((metric) => client.getTraceRunTemplate(metric, options)));
  const questions = (of: typeof templates) =>
    new Set(of.flatMap(({ metric }) => metric.prompt_preview.map(({ prompt }) => prompt))).size;
  const model = templates[0]?.model ?? "unknown";
  return {
    model,
    isHeuristic: model.startsWith("heuristic/"),
    mostQuestionsPerTrace: questions(templates),
    mostQuestionsPerSignals: questions(templates.filter(({ metric }) => askedSignals.includes(metric.name))),
    embeddingMetrics: templates
      .filter(({ metric }) => metric.prompt_preview.length === 0)
      .map(({ metric }) => metric.name),
  };
}
