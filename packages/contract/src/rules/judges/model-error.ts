import type { ErrorCode } from "../../common/error-codes.ts";
import { ProblemError } from "../problem.ts";

/** Why a model cannot judge a run. */
export type ModelErrorCode = Extract<
  ErrorCode,
  | "unknown_model_provider"
  | "invalid_model_name"
  | "model_not_allowed"
  | "provider_not_configured"
  | "embedding_model_not_configured"
  | "price_unknown"
>;

/** The requested or configured model cannot be used. The message says what to change. */
export class ModelError extends ProblemError {
  override readonly name: string = "ModelError";
  declare readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string) {
    super(code, message);
  }
}
