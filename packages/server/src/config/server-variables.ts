import { z } from "zod";
import { masking } from "./json-variables.ts";
import { addressRanges, integer, list, port, seconds, text, type Variables, variable } from "./variable.ts";

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** What a browser sends as `Origin`; anything else, such as a URL with a path, would never match. */
const origin = /^(?:\*|[a-z][a-z\d+.-]*:\/\/[^/?#\sA-Z]+)$/;

/** The process: its address, limits on clients, its database and its work as a worker. */
export const serverVariables = {
  HOST: variable(text, "The address to listen on.", "127.0.0.1"),
  PORT: variable(port, "The port to listen on; 0 picks a free one.", 8000),
  DATABASE_URL: variable(
    text.regex(/^postgres(?:ql)?:\/\//, "must begin with postgres:// or postgresql://"),
    "The PostgreSQL to use, 15 or newer. Not set: an embedded one.",
    null,
  ),
  DATABASE_POOL_SIZE: variable(integer(4, 1000), "The size of this process's database connection pool.", 20),
  PANDAPROBE_DATA_DIR: variable(
    text,
    "Where the embedded PostgreSQL keeps its data. Not set: a folder in the user's home.",
    null,
  ),
  PANDAPROBE_API_KEY: variable(
    z.string().regex(/^sk_pp_[0-9a-f]{64}$/, "must be sk_pp_ and 64 hexadecimal digits (0-9, a-f)"),
    "An API key to create at start if it does not exist. Not set: an embedded PostgreSQL without keys gets a new one, which is printed once.",
    null,
  ),
  LOG_LEVEL: variable(
    z.enum(logLevels, { error: `must be one of ${logLevels.join(", ")}` }),
    `The lowest level to log: ${logLevels.join(", ")}.`,
    "info",
  ),
  CORS_ORIGINS: variable(
    list.refine(
      (origins) => origins.every((each) => origin.test(each)),
      "must be * or origins such as https://app.example.com, separated by commas, in lower case, without a path or a trailing slash",
    ),
    "The origins whose pages may call the API, separated by commas; * allows any. Not set: none.",
    null,
  ),
  BODY_LIMIT_BYTES: variable(integer(1024, 1_073_741_824), "The largest request body.", 10_485_760),
  BODY_LIMIT_VALUES: variable(
    integer(1000, 100_000_000),
    "The most JSON values in a request body. Parsing them costs far more than their bytes suggest.",
    200_000,
  ),
  CONCURRENT_REQUESTS_PER_KEY: variable(
    integer(1, 100_000),
    "How many requests of an API key one process handles at once; more wait up to 5 seconds.",
    64,
  ),
  BODY_BYTES_PER_KEY: variable(
    integer(1024, 1_000_000_000_000),
    "How many bytes of request bodies one process holds for an API key at once; more wait up to 5 seconds.",
    67_108_864,
  ),
  STATEMENT_TIMEOUT_SECONDS: variable(
    seconds(0, 3600),
    "How long a database statement of a request may take before the request is answered 503; 0 disables the limit.",
    30_000,
  ),
  AUTH_FAILURES_PER_MINUTE: variable(
    integer(0, 1_000_000),
    "How many requests with a missing or wrong API key an address may make in a minute; 0 disables the limit.",
    100,
  ),
  TRUSTED_PROXIES: variable(
    addressRanges,
    "The addresses of proxies whose X-Forwarded-For is trusted, separated by commas. Not set: none.",
    null,
  ),
  MASKING_RULES: variable(
    masking,
    'What to hide in traces and scores before they are stored: JSON such as {"email": true, "customer": {"keys": ["ssn"], "patterns": ["CUST-[0-9]{6}"]}}, or the path of a file with it. Not set: nothing.',
    null,
  ),
  METRICS_PORT: variable(
    z.union([z.literal("off"), port], { error: "must be off, or a port from 0 to 65535" }),
    "A separate port for /metrics, or off to disable it. Not set: the API's port.",
    null,
  ),
  DOCS: variable(
    z.enum(["on", "off"], { error: "must be on or off" }),
    "Whether /docs and /openapi.json are served.",
    "on",
  ),
  DOCS_PORT: variable(
    port,
    "A separate port for /docs and /openapi.json, which may be METRICS_PORT. Not set: the API's port.",
    null,
  ),
  REQUEST_TIMEOUT_SECONDS: variable(
    seconds(1, 3600),
    "How long a client may take to send a request.",
    60_000,
  ),
  SHUTDOWN_TIMEOUT_SECONDS: variable(
    seconds(1, 3600),
    "How long requests and judge calls in flight may take to finish after SIGTERM.",
    30_000,
  ),
  MONITOR_CHECK_SECONDS: variable(seconds(1, 3600), "How often a worker checks for due monitors.", 10_000),
  WORKER_HEARTBEAT_SECONDS: variable(seconds(1, 60), "How often a worker sends a heartbeat.", 2000),
  WORKER_DEAD_AFTER_SECONDS: variable(
    seconds(3, 3600),
    "How long after its last heartbeat a worker is presumed dead and its jobs are reclaimed.",
    12_000,
  ),
} as const satisfies Variables;
