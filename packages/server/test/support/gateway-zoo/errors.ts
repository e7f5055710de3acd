import {
  type Behaviours,
  body,
  questions,
  refuse,
  refusesIf,
  refuseWith,
  type ZooCall,
} from "./behaviour.ts";

const always = () => true;
const isQuestion = ({ kind }: ZooCall) => kind === "question";
const hasHuge = ({ text }: ZooCall) => text.includes("HUGE");

/** An estimate of the tokens in a request. */
function tokensOf({ text }: ZooCall): number {
  return Math.ceil(text.length / 4);
}

/** Misleading errors. */
export const errors: Behaviours = {
  /** A prompt that contains HUGE exceeds the rate limit. */
  "429-too-large": refusesIf(
    hasHuge,
    refuseWith(
      429,
      "Request too large for model x on tokens per min (TPM): Limit 30000, Requested 90000. The input or output " +
        "tokens must be reduced in order to run successfully.",
      { type: "tokens", code: "rate_limit_exceeded" },
    ),
  ),
  /** The same with the actual size of the request: it answers if less of the trace is sent. */
  "429-too-large-now": (call) =>
    tokensOf(call) > 4_000
      ? refuseWith(
          429,
          `Request too large for model x on tokens per min (TPM): Limit 4000, Requested ${tokensOf(call)}.`,
          { type: "tokens", code: "rate_limit_exceeded" },
        )
      : undefined,
  /** Fails on prompts that contain POISON. */
  "500-poison": refusesIf(({ text }) => text.includes("POISON"), refuseWith(500, "Internal server error")),
  /** llama.cpp with a batch size that is smaller than the prompt. */
  "llama-cpp-batch": (call) =>
    tokensOf(call) > 4_000
      ? refuse(500, {
          error: {
            code: 500,
            message: `input (${tokensOf(call)} tokens) is too large to process. increase the physical batch size (current batch size: 4000)`,
            type: "server_error",
          },
        })
      : undefined,
  /** OpenRouter, which wraps the provider's error in its own. */
  "openrouter-wrapped": refusesIf(
    always,
    refuse(400, {
      error: {
        message: "Provider returned error",
        code: 400,
        metadata: {
          raw: '{"error":{"message":"The image of the prompt is blurred.","type":"invalid_request_error"}}',
          provider_name: "Another provider",
        },
      },
    }),
  ),
  /** Groq, whose model generates invalid JSON the first two times. */
  "groq-bad-json": questions(({ n }) =>
    n <= 2
      ? refuse(400, {
          error: {
            message:
              "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
            type: "invalid_request_error",
            code: "json_validate_failed",
            failed_generation: '{"score":',
          },
        })
      : undefined,
  ),
  /** Anthropic, with an empty account. */
  "anthropic-no-credit": refusesIf(
    always,
    refuse(400, {
      type: "error",
      error: {
        type: "invalid_request_error",
        message:
          "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
      },
    }),
  ),
  /** Does not support the method of the call. */
  "405-always": refusesIf(isQuestion, refuseWith(405, "Method Not Allowed")),
  /** A message that contains the letters of short keys. */
  "says-array": questions(() => body({ error: { message: "expected array, got next token", code: 400 } })),

  "200-rate-limit-twice": questions(({ n }) =>
    n <= 2 ? body({ error: { message: "Rate limit exceeded", code: 429 } }) : undefined,
  ),
  "200-401": questions(() => body({ error: { message: "No auth credentials found", code: 401 } })),
  "200-no-quota": questions(() =>
    body({
      error: {
        message: "You exceeded your current quota, please check your plan and billing details.",
        type: "insufficient_quota",
        code: "insufficient_quota",
      },
    }),
  ),
  "200-context-length": (call) =>
    tokensOf(call) > 4_000
      ? body({
          error: {
            message: `This model's maximum context length is 4000 tokens. However, your messages resulted in ${tokensOf(call)} tokens.`,
            code: "context_length_exceeded",
          },
        })
      : undefined,
  /** OpenRouter, with a provider that failed while it was answering. */
  "200-choice-error": questions(() =>
    body({
      id: "gen-1",
      choices: [
        {
          error: { message: "Provider is overloaded", code: 503 },
          finish_reason: "error",
          message: { role: "assistant", content: "{" },
        },
      ],
    }),
  ),
  /** An error without any code. */
  "200-odd-error": questions(() => body({ error: "The model has the flu." })),
};
