import { APICallError } from "ai";
import { describe, expect, it, test } from "vitest";
import type { CallFailure } from "../../../src/judge/call/call-failure.ts";
import { classifyError, unusableAnswer } from "../../../src/judge/call/classify-error.ts";
import { CallTimeoutError, WrongShapeError } from "../../../src/judge/providers/call-errors.ts";
import { normalizeResponse } from "../../../src/judge/providers/normalize-response.ts";

/** An error as the AI SDK throws it for a response. A text is the body; anything else becomes JSON. */
function apiError(statusCode: number, body: unknown, responseHeaders: Record<string, string> = {}) {
  const responseBody = typeof body === "string" ? body : JSON.stringify(body);
  return new APICallError({
    message: "-",
    url: "http://provider",
    requestBodyValues: {},
    statusCode,
    responseBody,
    responseHeaders,
  });
}

function classify(statusCode: number, body: unknown): CallFailure {
  return classifyError(apiError(statusCode, body), "SOME_KEY");
}

/** An error as OpenAI words it. */
const says = (message: string, more: object = {}) => ({ error: { message, ...more } });

const rate = { kind: "refused", scope: "rate", isRetryable: true, isFree: true } as const;
const outage = { kind: "refused", scope: "outage", isRetryable: true } as const;
const wholeModel = { kind: "refused", scope: "model", isRetryable: false, isFree: true } as const;
const thisQuestion = { scope: "question", isRetryable: false, isFree: true } as const;

describe("what a status and its body mean", () => {
  const rows: [string, number, unknown, Partial<CallFailure>][] = [
    ["too many calls", 429, says("Rate limit reached: Limit 30000, Used 29000, Requested 2000"), rate],
    ["too many calls, without a word", 429, "", rate],
    ["an overload", 529, { type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, rate],
    [
      "a request larger than the rate",
      429,
      says("Request too large for x on tokens per min (TPM): Limit 30000, Requested 90000."),
      { kind: "too_long", limit: 30_000, sent: 90_000, ...thisQuestion },
    ],
    [
      "Gemini's per-minute quota",
      429,
      says("You exceeded your current quota", { status: "RESOURCE_EXHAUSTED" }),
      rate,
    ],
    [
      "OpenAI's empty account",
      429,
      says("You exceeded your current quota", { code: "insufficient_quota" }),
      wholeModel,
    ],
    [
      "an empty account by words",
      400,
      says("Your credit balance is too low"),
      { ...wholeModel, scope: "maybe_model" },
    ],
    ["an empty account at One API", 403, says("no", { code: "insufficient_user_quota" }), wholeModel],
    ["no credit", 402, says("Insufficient credits"), wholeModel],
    ["a wrong key", 401, says("response_format: wrong key"), wholeModel],
    ["a region that is shut out", 403, says("Forbidden"), { kind: "refused", scope: "maybe_model" }],
    [
      "a model that is not there",
      404,
      says("model x does not exist"),
      { kind: "refused", scope: "maybe_model" },
    ],
    [
      "a fault of the server",
      500,
      says("Internal server error"),
      { ...outage, scope: "maybe_outage", isFree: true },
    ],
    ["a gateway that gave up waiting", 504, says("upstream timed out"), { ...outage, isFree: false }],
    ["LiteLLM's timeout", 408, says("litellm.Timeout"), { ...outage, isFree: false }],
    ["a model that is being loaded", 503, says("Loading model", { code: 503 }), outage],
    ["anything else", 418, says("I am a teapot"), { kind: "refused", ...thisQuestion }],
    [
      "Azure's content filter",
      400,
      says("The response was filtered", { code: "content_filter" }),
      { kind: "refused", ...thisQuestion },
    ],
    [
      "badly generated JSON",
      400,
      says("Failed to generate JSON.", { code: "json_validate_failed" }),
      { kind: "wrong_shape", isRetryable: true, scope: "question", isFree: false },
    ],
  ];
  it.each(rows)("%s", (_name, status, body, expected) => {
    expect(classify(status, body)).toMatchObject(expected);
  });
});

describe("the part that does not fit", () => {
  const tooLong: [number, unknown, number | undefined, number | undefined][] = [
    [413, "", undefined, undefined],
    [400, says("prompt is too long: 250000 tokens > 200000 maximum"), 200_000, 250_000],
    [400, says("Input is too long for requested model."), undefined, undefined],
    [400, says("no", { code: "context_length_exceeded" }), undefined, undefined],
    [
      400,
      says("The input token count (1,200,000) exceeds the maximum number of tokens allowed (1048576)."),
      1_048_576,
      1_200_000,
    ],
    [400, says("request (9000 tokens) exceeds the available context size (4096 tokens)"), 4_096, 9_000],
    [
      400,
      says(
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
      ),
      32_768,
      40_000,
    ],
    [
      500,
      says(
        "input (1003 tokens) is too large to process. increase the physical batch size (current batch size: 512)",
      ),
      512,
      1_003,
    ],
    [
      500,
      { error: "litellm.ContextWindowExceededError: exceeds the maximum context length" },
      undefined,
      undefined,
    ],
    // Prompt and answer share the context; the prompt alone is too long.
    [
      400,
      says(
        "maximum context length is 8192 tokens, however you requested 9000 tokens (9000 in your prompt; 0 for the completion)",
      ),
      7_168,
      9_000,
    ],
    [
      400,
      says(
        "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion).",
      ),
      15_360,
      112_946,
    ],
    [
      422,
      {
        error: "Input validation error: `inputs` must have less than 4096 tokens. Given: 5000",
        error_type: "validation",
      },
      4_096,
      5_000,
    ],
  ];
  it.each(tooLong)("is the prompt: %i %j", (status, body, limit, sent) => {
    const failure = classify(status, body);
    expect(failure).toMatchObject({ kind: "too_long", ...thisQuestion });
    expect([failure.limit, failure.sent]).toEqual([limit, sent]);
  });

  const outputs: [string, number | undefined][] = [
    ["max_tokens is too large: 4096. This model supports at most 2048 completion tokens", 2_048],
    ["max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for x", 4_096],
    [
      "This model's maximum context length is 4096 tokens. However, you requested 4996 tokens (900 in the messages, 4096 in the completion).",
      3_196,
    ],
    [
      "This endpoint's maximum context length is 4096 tokens. However, you requested about 4996 tokens (900 of text input, 4096 in the output).",
      3_196,
    ],
    [
      "maximum context length is 8192 tokens. However, you requested 9000 tokens (64 in the messages, 744 in the functions, and 8192 in the completion)",
      7_384,
    ],
    [
      "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 4996 tokens: 900 tokens from the input messages and 4096 tokens for the completion.",
      3_196,
    ],
    [
      "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 900 `inputs` tokens and 4096 `max_new_tokens`",
      3_196,
    ],
    [
      "input length and `max_tokens` exceed context limit: 195000 + 8192 > 200000, decrease input length",
      5_000,
    ],
    [
      "The parameter `max_tokens` specified in the request are not valid: integer above maximum value, expected a value <= 12288, but got 32000 instead.",
      12_288,
    ],
    ["Range of max_tokens should be [1, 8192]", 8_192],
    [
      "it has a maxOutputTokens value of 9000 but the supported range is from 1 (inclusive) to 8193 (exclusive).",
      8_192,
    ],
    ["The maximum tokens you requested exceeds the model limit of 4096.", 4_096],
    ["max_tokens exceeds what this model can do", undefined],
  ];
  it.each(outputs)("is the output limit: %s", (message, limit) => {
    const failure = classify(400, says(message));
    expect(failure).toMatchObject({ kind: "output_limit", ...thisQuestion });
    expect(failure.limit).toBe(limit);
  });

  test("is the output limit if a gateway puts the words in another field", () => {
    const param = "max_tokens is too large: 1048576. This model supports at most 131072 completion tokens";
    expect(classify(400, says("Param Incorrect", { param }))).toMatchObject({
      kind: "output_limit",
      limit: 131_072,
    });
  });
});

describe("the settings that are refused", () => {
  const rows: [number, unknown, string[]][] = [
    [400, says("output_config: Extra inputs are not permitted"), ["answer_format"]],
    [
      422,
      {
        detail: [
          { type: "extra_forbidden", loc: ["body", "temperature"], msg: "Extra inputs are not permitted" },
        ],
      },
      ["temperature"],
    ],
    [400, says("Unsupported value: 'temperature' does not support 0 with this model."), ["temperature"]],
    [
      400,
      says(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      ),
      ["limit_name"],
    ],
    [500, says("failed to parse grammar"), ["answer_format"]],
    [404, says("No endpoints found that support tool use"), ["answer_format"]],
    [
      400,
      { error: 'litellm.BadRequestError: {"error":{"message":"tool_choice is not supported"}}' },
      ["answer_format"],
    ],
    [405, "", ["answer_format"]],
  ];
  it.each(rows)("%i %j", (status, body, refused) => {
    expect(classify(status, body)).toMatchObject({ kind: "format", refused, isRetryable: false });
  });

  it.each([
    [500, says("The database schema is being updated"), "maybe_outage"],
    [502, says("Bad gateway: the temperature of the rack is high"), "outage"],
    [503, "<html>response_format</html>", "outage"],
  ])("are none if the server has another problem: %i %j", (status, body, scope) => {
    expect(classify(status, body)).toMatchObject({ ...outage, scope });
  });
});

describe("other errors", () => {
  it.each<[string, unknown, Partial<CallFailure>]>([
    ["a timeout", new CallTimeoutError(2_000), { kind: "timeout", scope: "outage", isFree: false }],
    ["a wrong shape", new WrongShapeError("answered badly"), { kind: "wrong_shape", what: "answered badly" }],
    [
      "no connection",
      new TypeError("fetch failed", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) }),
      { kind: "unreachable", isFree: true },
    ],
    [
      "a cut connection",
      Object.assign(new Error(), { code: "ECONNRESET" }),
      { kind: "unreachable", isFree: false },
    ],
    ["our own fault", new RangeError("oops"), { kind: "unexpected", isRetryable: false }],
    ["no error at all", undefined, { kind: "unexpected" }],
    [
      "an error without a kind under 200",
      apiError(200, says("Oh no")),
      { kind: "refused", what: "answered with an error: “Oh no”", isRetryable: true, scope: "question" },
    ],
  ])("%s", (_name, error, expected) => {
    expect(classifyError(error, "SOME_KEY")).toMatchObject(expected);
  });

  it.each([
    ["length", { kind: "cut", isRetryable: true }],
    ["content-filter", { kind: "refused", isRetryable: false }],
    ["stop", { kind: "wrong_shape", what: "answered in the wrong form (no JSON)", isRetryable: true }],
  ])("are replies without a usable answer that finished with %s", (finishReason, expected) => {
    expect(unusableAnswer(finishReason, "no JSON")).toMatchObject(expected);
  });
});

describe("a hostile body", () => {
  const deep = `${'{"error":'.repeat(5_000)}1${"}".repeat(5_000)}`;
  it.each([
    ["is deep", deep],
    ["is long", says("max_tokens ".repeat(200_000))],
    ["is full of digits", says(`maximum context length is ${"9".repeat(100_000)} tokens`)],
    ["is a list of lists", [[[[]]]]],
    [
      "has wrong types",
      { error: { message: 5, code: [], type: {} }, detail: [null, 5, { loc: {}, msg: [] }] },
    ],
    ["is null", "null"],
    ["has half a surrogate", says("\ud800")],
  ])("is classified in linear time: it %s", (_how, body) => {
    const begun = performance.now();
    const failure = classify(400, body);
    expect(failure.what.length).toBeLessThan(400);
    expect(failure.what.isWellFormed()).toBe(true);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe("a response under 200", () => {
  const status = (body: unknown) =>
    normalizeResponse(200, typeof body === "string" ? body : JSON.stringify(body)).status;

  it.each<[unknown, number]>([
    [says("x", { code: 429 }), 429],
    [says("x", { code: "429" }), 429],
    [{ code: 401, message: "invalid api key" }, 401],
    [says("x", { type: "insufficient_quota" }), 429],
    [{ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }, 529],
    [says("maximum context length is 5 tokens"), 400],
    [says("Incorrect API key provided"), 401],
    [says("who knows"), 200],
    // These are answers, or unclear.
    [{ choices: [{ message: { content: "error 429" } }], error: null }, 200],
    [{ choices: [{ message: { content: "x" } }], error: { code: 500 } }, 200],
    [{ data: [{ embedding: [1] }], code: 401 }, 200],
    [{ choices: [] }, 200],
    ["", 200],
    ["data: [DONE]\n\n", 200],
    ["<html>", 200],
    ["[1]", 200],
  ])("%j gets the status %i", (body, expected) => {
    expect(status(body)).toBe(expected);
  });

  it("is unchanged if it is plain JSON or not a 2xx", () => {
    const text = '{ "choices" : [ 1 ] }';
    expect(normalizeResponse(200, text).text).toBe(text);
    expect(normalizeResponse(500, ": comment\n{}").text).toBe(": comment\n{}");
  });

  it("that streams a tool call is joined", () => {
    const chunk = (delta: object, finish_reason: string | null = null) =>
      `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}`;
    const call = (part: object) => chunk({ tool_calls: [{ index: 0, function: part }] });
    const lines = [
      call({ name: "task", arguments: '{"ta' }),
      call({ arguments: 'sk":"a"}' }),
      chunk({}, "tool_calls"),
    ];
    const { choices } = JSON.parse(normalizeResponse(200, lines.join("\r\n\r\n")).text);
    expect(choices[0]).toMatchObject({
      message: { tool_calls: [{ function: { name: "task", arguments: '{"task":"a"}' } }] },
      finish_reason: "tool_calls",
    });
  });
});
