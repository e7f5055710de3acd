/** Why a model cannot judge a run; each is a code of the API's errors. */
export type ModelErrorCode =
  | "unknown_model_provider"
  | "invalid_model_name"
  | "model_not_allowed"
  | "provider_not_configured"
  | "embedding_model_not_configured"
  | "price_unknown";

/** The model that was asked for (or configured) cannot be used. The message says what to change. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
