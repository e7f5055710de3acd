import { setImmediate as nextTurn } from "node:timers/promises";
import { JudgeError } from "@pandaprobe/contract/rules";
import type { Judge } from "../../metrics/judge.ts";
import type { Findings, Stage } from "../../metrics/stage.ts";
import type { Subject } from "../../metrics/subject.ts";
import type { Trace } from "../../metrics/trace.ts";
import { answerOwnMetric } from "./answers/own-metrics.ts";
import { heuristicAnswers } from "./answers.ts";
import { embedText } from "./embed.ts";
import { type Evidence, gatherEvidence } from "./evidence/evidence.ts";

/** After embedding a longer text, the judge yields to the event loop. */
const LONG_TEXT = 10_000;

/** The model name of the heuristic judge, for questions and for embeddings. */
export const HEURISTIC_MODEL = "heuristic/v1";

/**
 * The judge that needs no key and no network. It scores what can be counted and compared in the trace, and always gives the
 * same answer for the same trace. `docs/heuristic-judge.md` describes what it looks at and what it cannot see.
 */
export function createHeuristicJudge(): Judge {
  const gathered = new WeakMap<Trace, Evidence>();

  function evidenceOf(trace: Trace): Evidence {
    const evidence = gathered.get(trace) ?? gatherEvidence(trace);
    gathered.set(trace, evidence);
    return evidence;
  }

  async function ask<Given extends Findings, Answer>(
    stage: Stage<Given, Answer>,
    subject: Subject,
    given: Given,
    signal: AbortSignal,
  ): Promise<Answer> {
    signal.throwIfAborted();
    if (stage.asks !== undefined) {
      return stage.schema.parse(answerOwnMetric(evidenceOf(subject.trace), stage.asks));
    }
    if (!isKnown(stage.name)) {
      throw new JudgeError(
        `The heuristic judge knows the built-in metrics only, not the stage ${stage.name}: choose an LLM as the judge.`,
      );
    }
    // `HeuristicAnswers` ties the types to the name of a stage, which TypeScript cannot follow here; the schema checks the answer.
    const answer = heuristicAnswers[stage.name](evidenceOf(subject.trace), given as never);
    return stage.schema.parse(answer);
  }

  return {
    model: HEURISTIC_MODEL,
    embeddingModel: HEURISTIC_MODEL,
    // It reads the trace itself, so the rendering can be short.
    maxTraceChars: 100_000,
    maxTextChars: Number.MAX_SAFE_INTEGER,
    embedsAtNoCost: true,
    ask,
    async embed(texts, signal) {
      const vectors: number[][] = [];
      for (const text of texts) {
        signal.throwIfAborted();
        vectors.push(embedText(text));
        if (text.length > LONG_TEXT) await nextTurn();
      }
      return vectors;
    },
  };
}

function isKnown(name: string): name is keyof typeof heuristicAnswers {
  return Object.hasOwn(heuristicAnswers, name);
}
