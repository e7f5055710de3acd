import type { Findings, Stage } from "./stage.ts";
import type { Subject } from "./subject.ts";
import type { Trace } from "./trace.ts";

/** Answers the questions of a metric: an LLM, or the offline heuristic. */
export interface Judge {
  /** The resolved model, `provider/model`. */
  readonly model: string;
  /** The model that embeds, `provider/model`. */
  readonly embeddingModel: string;
  /**
   * How many characters of a trace fit into one question; longer traces are trimmed. The findings of earlier stages
   * (`given`) may take up to half as many in addition, see `renderPrompt`.
   */
  readonly maxTraceChars: number;
  /** Whether a trace had to be shortened after the model refused it as too long. Default: false for all. */
  readonly hasShortened?: ((trace: Trace) => boolean) | undefined;
  /** Whether embeddings are computed offline and cost nothing. Default: false. */
  readonly embedsAtNoCost?: boolean | undefined;
  /** How many characters of one text the embedding model accepts; longer texts are trimmed. */
  readonly maxTextChars: number;
  /**
   * Answers one stage about one trace.
   *
   * @throws JudgeError if there is no valid answer; its message tells a person why.
   */
  ask<Given extends Findings, Answer>(
    stage: Stage<Given, Answer>,
    subject: Subject,
    given: Given,
    signal: AbortSignal,
  ): Promise<Answer>;
  /**
   * One embedding per text, in the same order, all of the same dimension.
   *
   * @param traceIds the trace that each text is from; deleting it erases the embedding. Default: the evaluated trace.
   * @throws JudgeError
   */
  embed(
    texts: readonly string[],
    signal: AbortSignal,
    traceIds?: readonly (string | undefined)[],
  ): Promise<number[][]>;
}

/** The same judge with another `ask` or `embed`. */
export function wrapJudge(judge: Judge, change: Partial<Pick<Judge, "ask" | "embed">>): Judge {
  return {
    model: judge.model,
    embeddingModel: judge.embeddingModel,
    embedsAtNoCost: judge.embedsAtNoCost,
    maxTraceChars: judge.maxTraceChars,
    maxTextChars: judge.maxTextChars,
    hasShortened: judge.hasShortened,
    ask: change.ask ?? judge.ask,
    embed: change.embed ?? judge.embed,
  };
}
