import type { Findings, Stage } from "./stage.ts";
import type { Subject } from "./subject.ts";
import type { Trace } from "./trace.ts";

/** Whoever answers the questions of a metric: an LLM, or the offline heuristic. */
export interface Judge {
  /** The resolved model, `provider/model`. */
  readonly model: string;
  /** The model that embeds, `provider/model`. */
  readonly embeddingModel: string;
  /**
   * How many characters of trace fit into one question; larger ones are trimmed first. What earlier stages found out
   * (`given`) is added to a question with at most half as many again, see `renderPrompt`.
   */
  readonly maxTraceChars: number;
  /** Whether the model turned out to take less of a trace than it was shown first. Default: of none. */
  readonly hasShortened?: ((trace: Trace) => boolean) | undefined;
  /** Whether embeddings are had offline, for next to nothing. Default: false. */
  readonly embedsAtNoCost?: boolean | undefined;
  /** How many characters of one text the embedding model takes; longer ones are trimmed first. */
  readonly maxTextChars: number;
  /**
   * Answers one stage about one trace.
   *
   * @throws JudgeError when no valid answer could be had; its message says why, for a person.
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
   * @param traceIds which trace each text is from: deleting it erases the embedding. Default: the trace that is evaluated.
   * @throws JudgeError
   */
  embed(
    texts: readonly string[],
    signal: AbortSignal,
    traceIds?: readonly (string | undefined)[],
  ): Promise<number[][]>;
}

/** Why a judge could not answer, for programs: stands in the metadata of a FAILED score as `error`. */
export type JudgeErrorCode = "budget_exceeded";

/** A judge could not answer. The message is shown to users as the reason of a FAILED score. */
export class JudgeError extends Error {
  override readonly name = "JudgeError";
  readonly code: JudgeErrorCode | undefined;

  constructor(message: string, { code, ...options }: ErrorOptions & { code?: JudgeErrorCode } = {}) {
    super(message, options);
    this.code = code;
  }
}
