import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { defaultDataDir } from "./db/embedded/index.ts";
import { readJudgeLimits } from "./judge-limits.ts";
import { readJudgePrices } from "./judge-prices.ts";
import type { JudgeSettings } from "./judge-settings.ts";
import { defaultJudgeSettings } from "./judge-settings.ts";
import type { MonitorLimits } from "./project-limits.ts";
import { noQuotas, type Quotas } from "./project-limits.ts";

/** Everything that can be configured; each field comes from the environment variable beside it in {@link variables}. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** `null`: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  /** Where the embedded PostgreSQL keeps its data. */
  readonly dataDir: string;
  readonly apiKey: string | null;
  readonly logLevel: string;
  /** How many requests of an API key are allowed in a rolling minute; `requests`: 0 for as many as come. */
  readonly rateLimits: { readonly runs: number; readonly triggers: number; readonly requests: number };
  readonly corsOrigins: readonly string[];
  readonly bodyLimitBytes: number;
  readonly bodyLimitValues: number;
  readonly statementTimeoutMs: number;
  readonly authFailuresPerMinute: number;
  readonly trustedProxies: readonly string[];
  readonly metricsPort: number | "off" | null;
  readonly docs: boolean;
  readonly requestsPerKey: number;
  readonly bodyBytesPerKey: number;
  readonly requestTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  readonly worker: {
    readonly heartbeatMs: number;
    readonly deadAfterMs: number;
    readonly monitorCheckMs: number;
  };
  /** What work that takes CPU may take; see `compute`. */
  readonly compute: { readonly count: number; readonly cpuLimitMs: number };
  readonly judge: JudgeSettings;
  readonly judgeAnswersKeptDays: number;
  readonly auditLogKeptDays: number;
  readonly quotas: Quotas;
  readonly monitorLimits: MonitorLimits;
}

/** A variable holds something that it cannot mean. The message names each one. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const text = z.string().trim().min(1);
const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);
const seconds = (min: number, max: number) => integer(min, max).transform((value) => value * 1000);
const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be an http(s) URL", abort: true })
  // It would not be sent; a silent refusal by the endpoint is harder to understand.
  .refine((url) => new URL(url).username === "", "must not hold a user name: use the provider's key");
function isAddressRange(value: string): boolean {
  const [address = "", bits, ...more] = value.split("/");
  const version = isIP(address);
  const isMask = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  return version !== 0 && isMask && more.length === 0;
}

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** One variable: its schema, what it means, and what holds where it is not set. */
interface Variable<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly help: string;
  readonly default: z.output<Schema> | null;
}

function variable<Schema extends z.ZodType, Default extends z.output<Schema> | null>(
  schema: Schema,
  help: string,
  fallback: Default,
): Variable<Schema> & { readonly default: Default } {
  return { schema, help, default: fallback };
}

/** Every variable that the server reads: the one place where they are named, checked, explained and given a default. */
export const variables = {
  HOST: variable(text, "The address to listen on.", "127.0.0.1"),
  PORT: variable(integer(0, 65_535), "The port to listen on; 0 takes a free one.", 8000),
  DATABASE_URL: variable(
    text.regex(/^postgres(?:ql)?:\/\//, "must begin with postgres:// or postgresql://"),
    "A PostgreSQL 15 or newer. Not set: an embedded one.",
    null,
  ),
  DATABASE_POOL_SIZE: variable(integer(4, 1000), "The most database connections of this process's pool.", 20),
  PANDAPROBE_DATA_DIR: variable(
    text,
    "Where the embedded PostgreSQL keeps its data. Not set: a folder of your user.",
    null,
  ),
  PANDAPROBE_API_KEY: variable(
    z.string().regex(/^sk_pp_[0-9a-f]{64}$/, "must be sk_pp_ and 64 hexadecimal digits (0-9, a-f)"),
    "An API key that is created at start if it is not there. Not set, on an embedded PostgreSQL without keys: one is made and printed once.",
    null,
  ),
  LOG_LEVEL: variable(
    z.enum(logLevels, { error: `must be one of ${logLevels.join(", ")}` }),
    `How much is logged: ${logLevels.join(", ")}.`,
    "info",
  ),
  CORS_ORIGINS: variable(
    text
      .transform((list) => list.split(",").map((origin) => origin.trim()))
      // What a browser sends is compared as it is: with a slash or a path at its end none would ever match.
      .refine(
        (origins) => origins.every((origin) => /^(?:\*|[a-z][a-z\d+.-]*:\/\/[^/?#\sA-Z]+)$/.test(origin)),
        "must be * or origins such as https://app.example.com, separated by commas, in lower case, without a path or a slash at the end",
      ),
    "The origins whose pages may call the API, separated by commas; * for any. Not set: none.",
    null,
  ),
  BODY_LIMIT_BYTES: variable(integer(1024, 1_073_741_824), "The largest request body.", 10_485_760),
  BODY_LIMIT_VALUES: variable(
    integer(1000, 100_000_000),
    "The most JSON values of a request body: what parses them costs far more than their bytes.",
    200_000,
  ),
  CONCURRENT_REQUESTS_PER_KEY: variable(
    integer(1, 100_000),
    "How many requests of an API key one process works on at once; more wait up to 5 seconds.",
    64,
  ),
  BODY_BYTES_PER_KEY: variable(
    integer(1024, 1_000_000_000_000),
    "How many bytes of request bodies of an API key one process holds at once; more wait up to 5 seconds.",
    67_108_864,
  ),
  STATEMENT_TIMEOUT_SECONDS: variable(
    seconds(0, 3600),
    "How long a database statement of a request may take before it is answered 503; 0 for as long as it takes.",
    30_000,
  ),
  AUTH_FAILURES_PER_MINUTE: variable(
    integer(0, 1_000_000),
    "How many requests with a missing or wrong API key one address may make in a minute; 0 for as many as come.",
    100,
  ),
  TRUSTED_PROXIES: variable(
    text
      .transform((list) => list.split(",").map((address) => address.trim()))
      .refine(
        (addresses) => addresses.every(isAddressRange),
        "must be IP addresses or ranges such as 10.0.0.0/8, separated by commas",
      ),
    "The addresses of proxies whose X-Forwarded-For says who asks, separated by commas. Not set: none.",
    null,
  ),
  METRICS_PORT: variable(
    z.union([z.literal("off"), integer(0, 65_535)], { error: "must be off, or a port from 0 to 65535" }),
    "The port of /metrics, beside the API's own; off closes it. Not set: the API's port.",
    null,
  ),
  DOCS: variable(
    z.enum(["on", "off"], { error: "must be on or off" }),
    "Whether /docs and /openapi.json are there.",
    "on",
  ),
  REQUEST_TIMEOUT_SECONDS: variable(
    seconds(1, 3600),
    "How long a client may take to send a request.",
    60_000,
  ),
  SHUTDOWN_TIMEOUT_SECONDS: variable(
    seconds(1, 3600),
    "How long requests and judge calls in flight may take to end after SIGTERM.",
    30_000,
  ),
  RATE_LIMIT_RUNS_PER_MINUTE: variable(
    integer(1, 1_000_000),
    "How many runs an API key may create in a rolling minute, on each of the routes that create runs.",
    50,
  ),
  RATE_LIMIT_TRIGGERS_PER_MINUTE: variable(
    integer(1, 1_000_000),
    "How often an API key may trigger monitors in a rolling minute.",
    10,
  ),
  RATE_LIMIT_REQUESTS_PER_MINUTE: variable(
    integer(0, 100_000_000),
    "How many requests an API key may make in a rolling minute to all other routes together; 0 for as many as come.",
    300_000,
  ),
  MONITOR_CHECK_SECONDS: variable(
    seconds(1, 3600),
    "How often a worker looks for monitors that are due.",
    10_000,
  ),
  WORKER_HEARTBEAT_SECONDS: variable(seconds(1, 60), "How often a worker tells that it is alive.", 2000),
  WORKER_DEAD_AFTER_SECONDS: variable(
    seconds(3, 3600),
    "How long after its last heartbeat a worker is declared dead and its work taken over.",
    12_000,
  ),
  EVAL_LLM_MODEL: variable(
    text,
    "The judge of runs that name none, as provider/model. Not set: the first configured provider's default, else heuristic/v1.",
    null,
  ),
  EVAL_EMBEDDING_MODEL: variable(
    text,
    "The embedding model, as provider/model. Not set: the first configured provider's default.",
    null,
  ),
  EVAL_CONCURRENCY: variable(
    integer(1, 10_000),
    "Judge calls in flight in one process, to each model.",
    defaultJudgeSettings.concurrency,
  ),
  EVAL_CALL_TIMEOUT_SECONDS: variable(
    seconds(1, 3600),
    "How long one judge call may take.",
    defaultJudgeSettings.callTimeoutMs,
  ),
  EVAL_QUESTION_TIMEOUT_SECONDS: variable(
    seconds(1, 86_400),
    "How long one question to a judge may take with all its tries.",
    defaultJudgeSettings.questionTimeoutMs,
  ),
  EVAL_MAX_ATTEMPTS: variable(
    integer(1, 100),
    "How often one question is asked before its score fails, the first time included.",
    defaultJudgeSettings.maxAttempts,
  ),
  EVAL_PROVIDER_PATIENCE_SECONDS: variable(
    seconds(1, 86_400),
    "How long a run waits for a model that is down or refuses all calls, before it fails.",
    defaultJudgeSettings.maxOutageMs,
  ),
  EVAL_MAX_OUTPUT_TOKENS: variable(
    integer(16, 1_000_000),
    "The most tokens of one judge's answer. Not set: the provider's default here.",
    null,
  ),
  EVAL_MAX_TRACE_CHARS: variable(
    integer(1000, 100_000_000),
    "How many characters of a trace one question shows. Not set: the provider's default here.",
    null,
  ),
  JUDGE_MODELS: variable(
    text.transform((list) => list.split(",").map((model) => model.trim())),
    "The models that may judge, as provider/model, separated by commas; a * at the end of one stands for anything (openai/gpt-5*, anthropic/*). Not set: all.",
    null,
  ),
  EVAL_CPU_SECONDS: variable(
    seconds(1, 3600),
    "How much CPU time one trace may take to read and to evaluate, beside what a model takes; then its scores fail.",
    10_000,
  ),
  EVAL_THREADS: variable(
    integer(1, 64),
    "The threads in which large traces are read and evaluated; one project takes all but one of them. Not set: one more than there are processors, 8 at the most.",
    null,
  ),
  JUDGE_LIMITS: variable(
    text.transform(reading(readJudgeLimits, "limits")),
    'How much all processes together may ask of a model, or of all models of a provider: JSON as {"provider/model": {"concurrency": 32, "requests_per_minute": 500, "tokens_per_minute": 200000}}, or the path of a file with it.',
    null,
  ),
  JUDGE_PRICES: variable(
    text.transform(reading(readJudgePrices, "prices")),
    'What models cost, over the prices that the server knows: JSON as {"provider/model": {"input_usd_per_mtok": 1.25, "output_usd_per_mtok": 10}}, or the path of a file with it.',
    null,
  ),
  JUDGE_ANSWERS_KEPT_DAYS: variable(
    integer(0, 36_500),
    "How long judges' answers are kept, to be read instead of asked again. Scores stay.",
    90,
  ),
  AUDIT_LOG_KEPT_DAYS: variable(
    integer(1, 36_500),
    "How long the audit log is kept: who made and revoked keys, deleted data, and changed settings and monitors.",
    365,
  ),
  QUOTA_TRACES: variable(
    integer(0, Number.MAX_SAFE_INTEGER),
    "How many traces a project may hold; 0 for as many as come.",
    noQuotas.traces,
  ),
  QUOTA_BYTES: variable(
    integer(0, Number.MAX_SAFE_INTEGER),
    "How many bytes of inputs, outputs and metadata the traces and spans of a project may have together; 0 for any.",
    noQuotas.bytes,
  ),
  QUOTA_RUNS_PER_DAY: variable(
    integer(0, 1_000_000_000),
    "How many runs a project may create in a day (UTC), its monitors' included; 0 for as many as come.",
    noQuotas.runsPerDay,
  ),
  QUOTA_MONITORS: variable(
    integer(0, 1_000_000),
    "How many monitors a project may have; 0 for as many as it likes.",
    100,
  ),
  QUOTA_USD_PER_DAY: variable(
    z
      .string()
      .regex(/^\d{1,9}(\.\d{1,6})?$/, "must be an amount of USD such as 25 or 0.5")
      .transform(Number),
    "What a project may spend on judge calls in a day (UTC), in USD; models without a price are refused then. 0: no limit.",
    noQuotas.usdPerDay,
  ),
  MONITOR_SHORTEST_GAP_SECONDS: variable(
    seconds(60, 21_600),
    "The shortest time between two ticks of a monitor.",
    300_000,
  ),
  MONITOR_RUNS_PER_MINUTE: variable(
    integer(0, 1_000_000),
    "How many runs the monitors of a project make in a rolling minute; ticks beyond it are late. 0 for as many as are due.",
    20,
  ),
  OPENAI_API_KEY: variable(text, "Configures the provider openai.", null),
  OPENAI_BASE_URL: variable(
    httpUrl,
    "An OpenAI-compatible endpoint (Ollama, vLLM, LM Studio, a gateway) to call in OpenAI's place; needs no key.",
    null,
  ),
  ANTHROPIC_API_KEY: variable(text, "Configures the provider anthropic.", null),
  ANTHROPIC_BASE_URL: variable(httpUrl, "A gateway to call in Anthropic's place.", null),
  GEMINI_API_KEY: variable(text, "Configures the provider google_genai.", null),
  GEMINI_BASE_URL: variable(httpUrl, "A gateway to call in Google's place.", null),
  GOOGLE_CLOUD_PROJECT: variable(
    text,
    "Configures the provider vertex_ai, with Google's application default credentials.",
    null,
  ),
  GOOGLE_CLOUD_LOCATION: variable(text, "The region of vertex_ai. Not set: global.", null),
  VERTEX_AI_LOCATION: variable(text, "The same, before GOOGLE_CLOUD_LOCATION, as other tools call it.", null),
} as const satisfies Record<string, Variable<z.ZodType>>;

function reading<Value>(read: (text: string) => Value, what: string) {
  return (text: string, context: z.RefinementCtx): Value => {
    try {
      return read(text);
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      context.addIssue(`must be JSON with ${what}, or the path of a file with it (${problem})`);
      return z.NEVER;
    }
  };
}

type Variables = typeof variables;
type Values = { [Name in keyof Variables]: z.output<Variables[Name]["schema"]> | Variables[Name]["default"] };

/**
 * Reads the configuration. A variable that is empty counts as not set.
 *
 * @throws ConfigError that names every variable that cannot be used.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const env = readVariables(environment);
  if (env.WORKER_DEAD_AFTER_SECONDS < 2 * env.WORKER_HEARTBEAT_SECONDS) {
    throw new ConfigError("WORKER_DEAD_AFTER_SECONDS must be at least twice WORKER_HEARTBEAT_SECONDS.");
  }
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    dataDir: env.PANDAPROBE_DATA_DIR ?? defaultDataDir(environment),
    apiKey: env.PANDAPROBE_API_KEY,
    logLevel: env.LOG_LEVEL,
    rateLimits: {
      runs: env.RATE_LIMIT_RUNS_PER_MINUTE,
      triggers: env.RATE_LIMIT_TRIGGERS_PER_MINUTE,
      requests: env.RATE_LIMIT_REQUESTS_PER_MINUTE,
    },
    corsOrigins: env.CORS_ORIGINS ?? [],
    bodyLimitBytes: env.BODY_LIMIT_BYTES,
    bodyLimitValues: env.BODY_LIMIT_VALUES,
    statementTimeoutMs: env.STATEMENT_TIMEOUT_SECONDS,
    authFailuresPerMinute: env.AUTH_FAILURES_PER_MINUTE,
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    metricsPort: env.METRICS_PORT,
    docs: env.DOCS === "on",
    requestsPerKey: env.CONCURRENT_REQUESTS_PER_KEY,
    bodyBytesPerKey: env.BODY_BYTES_PER_KEY,
    requestTimeoutMs: env.REQUEST_TIMEOUT_SECONDS,
    shutdownTimeoutMs: env.SHUTDOWN_TIMEOUT_SECONDS,
    worker: {
      heartbeatMs: env.WORKER_HEARTBEAT_SECONDS,
      deadAfterMs: env.WORKER_DEAD_AFTER_SECONDS,
      monitorCheckMs: env.MONITOR_CHECK_SECONDS,
    },
    compute: { count: env.EVAL_THREADS ?? defaultThreads(), cpuLimitMs: env.EVAL_CPU_SECONDS },
    judgeAnswersKeptDays: env.JUDGE_ANSWERS_KEPT_DAYS,
    auditLogKeptDays: env.AUDIT_LOG_KEPT_DAYS,
    quotas: {
      traces: env.QUOTA_TRACES,
      bytes: env.QUOTA_BYTES,
      runsPerDay: env.QUOTA_RUNS_PER_DAY,
      monitors: env.QUOTA_MONITORS,
      usdPerDay: env.QUOTA_USD_PER_DAY,
    },
    monitorLimits: {
      shortestGapMs: env.MONITOR_SHORTEST_GAP_SECONDS,
      runsPerMinute: env.MONITOR_RUNS_PER_MINUTE,
    },
    judge: {
      ...defaultJudgeSettings,
      llmModel: env.EVAL_LLM_MODEL,
      models: env.JUDGE_MODELS,
      embeddingModel: env.EVAL_EMBEDDING_MODEL,
      concurrency: env.EVAL_CONCURRENCY,
      callTimeoutMs: env.EVAL_CALL_TIMEOUT_SECONDS,
      questionTimeoutMs: env.EVAL_QUESTION_TIMEOUT_SECONDS,
      maxAttempts: env.EVAL_MAX_ATTEMPTS,
      maxOutageMs: env.EVAL_PROVIDER_PATIENCE_SECONDS,
      limits: env.JUDGE_LIMITS ?? {},
      maxOutputTokens: env.EVAL_MAX_OUTPUT_TOKENS,
      maxTraceChars: env.EVAL_MAX_TRACE_CHARS,
      prices: env.JUDGE_PRICES ?? {},
      openai: { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
      anthropic: { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
      googleGenai: { apiKey: env.GEMINI_API_KEY, baseUrl: env.GEMINI_BASE_URL },
      vertexAi: {
        project: env.GOOGLE_CLOUD_PROJECT,
        location: env.VERTEX_AI_LOCATION ?? env.GOOGLE_CLOUD_LOCATION,
      },
    },
  };
}

function defaultThreads(): number {
  // One project takes all but one: alone it still has a thread for each processor.
  return Math.min(8, availableParallelism() + 1);
}

function readVariables(environment: Readonly<Record<string, string | undefined>>): Values {
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries<Variable<z.ZodType>>(variables).map(([name, { schema, default: fallback }]) => {
      const text = environment[name];
      if (text === undefined || text === "") return [name, fallback];
      const result = schema.safeParse(text);
      if (!result.success) problems.push(`${name} ${result.error.issues[0]?.message ?? "is invalid"}.`);
      return [name, result.data];
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems.join("\n"));
  return values as Values;
}
