import { setTimeout as sleep } from "node:timers/promises";
import { wrap } from "./fit.ts";
import type { JudgePlan } from "./judge-plan.ts";
import { section, step } from "./say.ts";

/** Long enough to read that a provider will be called, and to press Ctrl-C. */
const secondThoughtsMs = 3_000;

/** Says who will judge, before anything is spent. */
export async function announceJudge(
  plan: JudgePlan,
  { traces, inSessions }: { traces: number; inSessions: number },
  signal: AbortSignal,
): Promise<void> {
  if (plan.isHeuristic) {
    step(`The judge is ${plan.model}`, ": built in, offline, free, and without understanding");
    return;
  }
  step(`The judge is ${plan.model}`, ", as your environment configures it");
  const calls = plan.mostQuestionsPerTrace * traces + plan.mostQuestionsPerSignals * inSessions;
  // Each compares two texts at the most, and each text of a session is embedded once.
  const embeddings = plan.embeddingMetrics.length * traces + 2 * inSessions;
  console.log(`  This will call it up to ${calls} times, and an embedding model up to ${embeddings} times.`);
  console.log("  Your provider may charge for that. To judge without it: npm run demo -- --offline");
  if (!process.stdout.isTTY) return;
  console.log(`  Beginning in ${secondThoughtsMs / 1000} s; Ctrl-C stops.`);
  await sleep(secondThoughtsMs, undefined, { signal });
}

const limits =
  "These scores are rules of thumb about the trace itself: errors, repetitions, arguments against schemas, hedging, " +
  "overlap of words. They show how everything works, not how good an agent is. For a judge that understands what it " +
  "reads, configure a provider:";

/** Says who has judged, and how to have somebody else do it. */
export function explainJudge({ model, isHeuristic }: JudgePlan, columns: number): void {
  const text = isHeuristic ? limits : "Another judge is another environment variable away:";
  section(`Judged by ${model}`, [
    ...wrap(text, columns - 2).map((line) => `  ${line}`),
    "",
    "  OpenAI (or ANTHROPIC_API_KEY, GEMINI_API_KEY):",
    "    OPENAI_API_KEY=… npm run demo",
    "  Ollama, and whatever else speaks OpenAI's API:",
    "    OPENAI_BASE_URL=http://127.0.0.1:11434/v1 EVAL_LLM_MODEL=openai/qwen3:8b \\",
    "      EVAL_EMBEDDING_MODEL=openai/nomic-embed-text npm run demo",
    "",
    "  docs/judges.md says more, and docs/heuristic-judge.md what the heuristic sees.",
  ]);
}
