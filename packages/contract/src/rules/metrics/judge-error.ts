/** Why a judge could not answer, for programs; becomes `error` in the metadata of a FAILED score. */
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
