import { type EvalRunResponse, isValidationError, type PandaProbe } from "@pandaprobe/sdk";
import { ProgressLine } from "./progress-line.ts";

export interface Evaluation {
  readonly run: EvalRunResponse;
  /** Metrics that were left out, for there is no embedding model. */
  readonly leftOut: readonly string[];
}

/** Evaluates all traces in one run, and shows how it goes. */
export async function evaluateSamples(
  client: PandaProbe,
  metrics: readonly string[],
  embeddingMetrics: readonly string[],
  signal: AbortSignal,
): Promise<Evaluation> {
  const { run, leftOut } = await createRun(client, metrics, embeddingMetrics, signal);
  for (const metric of leftOut) {
    console.log(
      `  Without ${metric}: the provider has no embeddings, and EVAL_EMBEDDING_MODEL names no other.`,
    );
  }
  const line = new ProgressLine(process.stdout);
  try {
    const ended = await client.waitForRun(run, {
      signal,
      pollIntervalMs: 100,
      onProgress: (progress) => line.update(progress),
    });
    return { run: ended, leftOut };
  } finally {
    line.end();
  }
}

async function createRun(
  client: PandaProbe,
  metrics: readonly string[],
  embeddingMetrics: readonly string[],
  signal: AbortSignal,
): Promise<Evaluation> {
  const name = "Demo";
  try {
    return { run: await client.createTraceRun({ name, metrics: [...metrics] }, { signal }), leftOut: [] };
  } catch (error) {
    if (!isValidationError(error) || error.code !== "embedding_model_not_configured") throw error;
    const others = metrics.filter((metric) => !embeddingMetrics.includes(metric));
    return {
      run: await client.createTraceRun({ name, metrics: others }, { signal }),
      leftOut: embeddingMetrics,
    };
  }
}
