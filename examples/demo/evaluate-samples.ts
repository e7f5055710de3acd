import { type EvalRunResponse, isValidationError, type PandaProbe } from "@pandaprobe/sdk";
import { ProgressLine } from "./progress-line.ts";

/** Evaluates by these metrics and shows the progress. `null` if they need embeddings and no embedding model is configured. */
export async function evaluateSamples(
  client: PandaProbe,
  targets: "traces" | "sessions",
  metrics: readonly string[],
  signal: AbortSignal,
): Promise<EvalRunResponse | null> {
  const body = { name: "Demo", metrics: [...metrics] };
  const created = targets === "traces" ? client.createTraceRun(body) : client.createSessionRun(body);
  const run = await orWithoutEmbeddings(created);
  if (run === null) {
    console.log(
      `  Skipped ${metrics.join(" and ")}: the provider has no embedding model. EVAL_EMBEDDING_MODEL can name another.`,
    );
    return null;
  }
  const line = new ProgressLine(process.stdout, targets);
  try {
    return await client.waitForRun(run, {
      signal,
      pollIntervalMs: 100,
      onProgress: (progress) => line.update(progress),
    });
  } finally {
    line.end();
  }
}

async function orWithoutEmbeddings(created: PromiseLike<EvalRunResponse>): Promise<EvalRunResponse | null> {
  try {
    return await created;
  } catch (error) {
    if (isValidationError(error) && error.code === "embedding_model_not_configured") return null;
    throw error;
  }
}
