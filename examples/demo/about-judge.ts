import { setTimeout as sleep } from "node:timers/promises";
import { wrap } from "./fit.ts";
import type { JudgePlan } from "./judge-plan.ts";
import { section, step } from "./say.ts";

/** Long enough to read that a provider will be called, and to press Ctrl-C. */
const secondThoughtsMs = 3_000;

/** Says which judge will be used, before anything is spent. */
export async function announceJudge(
  plan: JudgePlan,
  { traces, inSessions }: { traces: number; inSessions: number },
  signal: AbortSignal,
): Promise<void> {
  if (plan.isHeuristic) {
    step(
      `The judge is ${plan.model}`,
      ": built in, offline and free, but it does not understand what it reads",
    );
    return;
  }
  step(`The judge is ${plan.model}`, ", from your environment");
  const calls = plan.mostQuestionsPerTrace * traces + plan.mostQuestionsPerSignals * inSessions;
  // Each compares at most two texts, and each text of a session is embedded once.
  const embeddings = plan.embeddingMetrics.length * traces + 2 * inSessions;
  console.log(`  This will call it up to ${calls} times, and an embedding model up to ${embeddings} times.`);
  console.log("  Your provider may charge for that. To judge offline: npm run demo -- --offline");
  if (!process.stdout.isTTY) return;
  console.log(`  Starting in ${secondThoughtsMs / 1000} s; Ctrl-C stops.`);
  await sleep(secondThoughtsMs, undefined, { signal });
}

const limits =
  "These scores follow rules of thumb: errors, repetitions, arguments that do not match their schema, hedging, word " +
  "overlap. They show how everything works, not how good an agent is. For a judge that understands what it reads, " +
  "configure a provider:";

/** Says which judge was used, and how to choose another one. */
export function explainJudge({ model, isHeuristic }: JudgePlan, columns: number): void {
  const text = isHeuristic ? limits : "To use another judge, set other environment variables:";
  section(`Judged by ${model}`, [
    ...wrap(text, columns - 2).map((line) => `  ${line}`),
    "",
    "  OpenAI (or ANTHROPIC_API_KEY, GEMINI_API_KEY):",
    "    OPENAI_API_KEY=… npm run demo",
    "  Ollama, or any other OpenAI-compatible API:",
    "    OPENAI_BASE_URL=http://127.0.0.1:11434/v1 EVAL_LLM_MODEL=openai/qwen3:8b \\",
    "      EVAL_EMBEDDING_MODEL=openai/nomic-embed-text npm run demo",
    "",
    "  docs/judges.md explains the settings, docs/heuristic-judge.md what the heuristic looks at.",
  ]);
}
