import { judgeLimits, judgePrices, spanPrices } from "./json-variables.ts";
import { defaultJudgeSettings } from "./judge-settings.ts";
import { integer, list, seconds, text, type Variables, variable } from "./variable.ts";

/** The judges: models, limits, and the providers' keys. */
export const judgeVariables = {
  EVAL_LLM_MODEL: variable(
    text,
    "The judge of runs that do not name one, as provider/model. Not set: the first configured provider's default, otherwise heuristic/v1.",
    null,
  ),
  EVAL_EMBEDDING_MODEL: variable(
    text,
    "The embedding model, as provider/model. Not set: the first configured provider's default.",
    null,
  ),
  EVAL_CONCURRENCY: variable(
    integer(1, 10_000),
    "How many judge calls one process makes to each model at once.",
    defaultJudgeSettings.concurrency,
  ),
  EVAL_CALL_TIMEOUT_SECONDS: variable(
    seconds(1, 3600),
    "How long one judge call may take.",
    defaultJudgeSettings.callTimeoutMs,
  ),
  EVAL_QUESTION_TIMEOUT_SECONDS: variable(
    seconds(1, 86_400),
    "How long one question to a judge may take, with all its attempts.",
    defaultJudgeSettings.questionTimeoutMs,
  ),
  EVAL_MAX_ATTEMPTS: variable(
    integer(1, 100),
    "How many times a question is attempted, including the first time, before its score fails.",
    defaultJudgeSettings.maxAttempts,
  ),
  EVAL_PROVIDER_PATIENCE_SECONDS: variable(
    seconds(1, 86_400),
    "How long a run waits for a model that is down or refuses all calls before the run fails.",
    defaultJudgeSettings.maxOutageMs,
  ),
  EVAL_MAX_OUTPUT_TOKENS: variable(
    integer(16, 1_000_000),
    "The most tokens in one answer of a judge. Not set: a default for each provider.",
    null,
  ),
  EVAL_MAX_TRACE_CHARS: variable(
    integer(1000, 100_000_000),
    "How many characters of a trace one question shows. Not set: a default for each provider.",
    null,
  ),
  EVAL_CPU_SECONDS: variable(
    seconds(1, 3600),
    "How much CPU time reading and evaluating one trace may take before its scores fail. Time spent waiting for a model does not count.",
    10_000,
  ),
  EVAL_THREADS: variable(
    integer(1, 64),
    "The threads that read and evaluate large traces; one project uses all but one of them. Not set: one more than there are processors, at most 8.",
    null,
  ),
  JUDGE_MODELS: variable(
    list,
    "The models that may judge, as provider/model, separated by commas; a trailing * matches anything (openai/gpt-5*, anthropic/*). Not set: all.",
    null,
  ),
  JUDGE_LIMITS: variable(
    judgeLimits,
    'How many calls and tokens all processes together may use of a model, or of all models of a provider: JSON such as {"provider/model": {"concurrency": 32, "requests_per_minute": 500, "tokens_per_minute": 200000}}, or the path of a file with it.',
    null,
  ),
  JUDGE_PRICES: variable(
    judgePrices,
    'Prices of models, which override the built-in ones: JSON such as {"provider/model": {"input_usd_per_mtok": 1.25, "output_usd_per_mtok": 10}}, or the path of a file with it.',
    null,
  ),
  SPAN_PRICES: variable(
    spanPrices,
    'Prices of models by the names that senders of spans write, for spans without a cost: JSON such as {"mistral-large-latest": {"input_usd_per_mtok": 2, "output_usd_per_mtok": 6}}, or the path of a file with it.',
    null,
  ),
} as const satisfies Variables;
