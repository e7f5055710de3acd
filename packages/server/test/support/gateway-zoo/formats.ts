import type { Fault } from "../llm-fault.ts";
import type { ChatBody } from "../llm-question.ts";
import { type Behaviour, type Behaviours, questions, refuse, refuseWith } from "./behaviour.ts";

function outputLimit({ max_tokens, max_completion_tokens }: ChatBody): number {
  return max_completion_tokens ?? max_tokens ?? 0;
}

/** A model that refuses some request bodies. */
function refusesForms(isRefused: (body: ChatBody) => boolean, fault: Fault): Behaviour {
  return questions(({ request }) => (isRefused(request.body) ? fault : undefined));
}

/** A model that takes an output limit up to `max`. */
function maxOutput(max: number, refusal: (given: number) => Fault): Behaviour {
  return questions(({ request }) => {
    const given = outputLimit(request.body);
    return given > max ? refusal(given) : undefined;
  });
}

/** A model whose prompt and answer share a context. Every prompt counts as 900 tokens. */
function sharedContext(context: number, refusal: (given: number) => Fault): Behaviour {
  return maxOutput(context - 900, refusal);
}

const hasSchema = ({ response_format }: ChatBody) => response_format?.type === "json_schema";
const hasForm = ({ response_format, tools }: ChatBody) =>
  response_format !== undefined || tools !== undefined;

/** FastAPI's error for unknown fields. */
function extraForbidden(...fields: readonly string[]): Fault {
  return refuse(422, {
    detail: fields.map((field) => ({
      type: "extra_forbidden",
      loc: ["body", field],
      msg: "Extra inputs are not permitted",
      input: 0,
    })),
  });
}

/** Refusals of settings, in the words of real endpoints. */
export const formats: Behaviours = {
  "openai-output-max": maxOutput(2_048, (given) =>
    refuseWith(
      400,
      `max_tokens is too large: ${given}. This model supports at most 2048 completion tokens, whereas you provided ${given}.`,
    ),
  ),
  "groq-output-max": maxOutput(2_048, () =>
    refuseWith(400, "`max_tokens` must be less than or equal to `2048`, the maximum value for `max_tokens`"),
  ),
  "deepseek-output-max": maxOutput(2_048, () =>
    refuseWith(400, "Invalid max_tokens value, the valid range of max_tokens is [1, 2048]"),
  ),
  "unnamed-output-max": maxOutput(2_048, () => refuseWith(400, "max_tokens is too large")),
  "anthropic-output-max": maxOutput(4_096, (given) =>
    refuse(400, {
      type: "error",
      error: {
        type: "invalid_request_error",
        message: `max_tokens: ${given} > 4096, which is the maximum allowed number of output tokens for this model`,
      },
    }),
  ),
  "vllm-context": sharedContext(4_096, (given) =>
    refuse(400, {
      object: "error",
      message: `This model's maximum context length is 4096 tokens. However, you requested ${900 + given} tokens (900 in the messages, ${given} in the completion). Please reduce the length of the messages or completion.`,
      type: "BadRequestError",
      param: null,
      code: 400,
    }),
  ),
  "vllm-context-new": sharedContext(4_096, (given) =>
    refuseWith(
      400,
      `'max_tokens' or 'max_completion_tokens' is too large: ${given}. This model's maximum context length is 4096 tokens and your request has 900 input tokens (${given} > 4096 - 900).`,
    ),
  ),
  /** It stops counting the prompt as soon as it can refuse it. */
  "vllm-context-at-least": sharedContext(4_096, (given) =>
    refuseWith(
      400,
      `This model's maximum context length is 4096 tokens. However, you requested ${given} output tokens and your prompt contains at least 1 input tokens, for a total of at least ${given + 1} tokens.`,
    ),
  ),
  "anthropic-context": sharedContext(4_096, (given) =>
    refuse(400, {
      type: "error",
      error: {
        type: "invalid_request_error",
        message: `input length and \`max_tokens\` exceed context limit: 900 + ${given} > 4096, decrease input length or \`max_tokens\` and try again`,
      },
    }),
  ),
  /** Always wants a little less than it was given. */
  "never-satisfied": maxOutput(0, (given) =>
    refuseWith(
      400,
      `max_tokens is too large: ${given}. This model supports at most ${given - 1} completion tokens`,
    ),
  ),
  /** Finds every prompt too long, with meaningless numbers. */
  "never-short-enough": questions(({ n }) =>
    refuseWith(400, `prompt is too long: ${1_000 + n} tokens > ${n} maximum`),
  ),
  /** Its first answer is cut off, and a higher output limit is refused. */
  "cut-and-no-more": questions(({ n, request, rightText }) => {
    if (n === 1) return { kind: "says", text: rightText.slice(0, 9), finishReason: "length" };
    const given = outputLimit(request.body);
    return given > 4_096
      ? refuseWith(
          400,
          `max_tokens is too large: ${given}. This model supports at most 4096 completion tokens`,
        )
      : undefined;
  }),
  /** The same, but a slightly higher output limit is allowed. */
  "cut-and-some-more": questions(({ n, request, rightText }) => {
    if (n === 1) return { kind: "says", text: rightText.slice(0, 9), finishReason: "length" };
    const given = outputLimit(request.body);
    return given > 6_000
      ? refuseWith(
          400,
          `max_tokens is too large: ${given}. This model supports at most 6000 completion tokens`,
        )
      : undefined;
  }),

  "anthropic-extra-output-config": refusesForms(
    hasSchema,
    refuse(400, {
      type: "error",
      error: { type: "invalid_request_error", message: "output_config: Extra inputs are not permitted" },
    }),
  ),
  "anthropic-output-config-format": refusesForms(
    hasSchema,
    refuse(400, {
      type: "error",
      error: {
        type: "invalid_request_error",
        message: "output_config.format: This model does not support structured outputs",
      },
    }),
  ),
  "fastapi-response-format": refusesForms(hasSchema, extraForbidden("response_format")),
  "fastapi-temperature": refusesForms(
    ({ temperature }) => temperature !== undefined,
    extraForbidden("temperature"),
  ),
  "fastapi-both": questions(({ request: { body } }) => {
    const fields = [
      ...(body.response_format === undefined ? [] : ["response_format"]),
      ...(body.temperature === undefined ? [] : ["temperature"]),
    ];
    return fields.length > 0 ? extraForbidden(...fields) : undefined;
  }),
  "llama-cpp-grammar": refusesForms(
    hasSchema,
    refuse(500, { error: { code: 500, message: "failed to parse grammar", type: "server_error" } }),
  ),
  "405-form": refusesForms(hasForm, refuse(405, { detail: "Method Not Allowed" })),
  "no-form-at-all": refusesForms(hasForm, refuseWith(400, "response_format and tools are not supported")),
  "openrouter-no-endpoint": refusesForms(
    hasSchema,
    refuseWith(404, "No endpoints found that can handle the requested parameters.", { code: 404 }),
  ),
  "xai-unsupported": refusesForms(
    ({ response_format }) => response_format !== undefined,
    refuse(400, {
      code: "Client specified an invalid argument",
      error: "The response_format parameter is unsupported at the moment. Leave it unset.",
    }),
  ),
  "ollama-no-tools": refusesForms(
    (body) => hasSchema(body) || body.tools !== undefined,
    refuseWith(400, "registry.ollama.ai/library/small:latest does not support tools or json_schema"),
  ),
};
