import type { PandaProbe, RequestOptions } from "@pandaprobe/sdk";

/** Who will judge, and how much there is to ask. */
export interface JudgePlan {
  /** `provider/model`. */
  readonly model: string;
  /** Whether it is the built-in heuristic, which calls nobody. */
  readonly isHeuristic: boolean;
  /** The most questions about one trace; a question that several metrics share counts once. */
  readonly mostQuestionsPerTrace: number;
  /** The metrics that ask no judge, but embed. */
  readonly embeddingMetrics: readonly string[];
}

/** Asks the server what its default judge is, and what each metric would ask it. */
export async function planJudging(
  client: PandaProbe,
  metrics: readonly string[],
  options: RequestOptions,
): Promise<JudgePlan> {
  const templates = await Promise.all(metrics.map((metric) => client.getTraceRunTemplate(metric, options)));
  const prompts = templates.flatMap(({ metric }) => metric.prompt_preview.map(({ prompt }) => prompt));
  const model = templates[0]?.model ?? "unknown";
  return {
    model,
    isHeuristic: model.startsWith("heuristic/"),
    mostQuestionsPerTrace: new Set(prompts).size,
    embeddingMetrics: templates
      .filter(({ metric }) => metric.prompt_preview.length === 0)
      .map(({ metric }) => metric.name),
  };
}
