/*
 * Records what frameworks export to OpenTelemetry: runs a program with each one's real library and a fake model, and
 * writes the requests of OTLP to packages/server/test/otel-fixtures, where a test compares each trace with what the
 * agent did. Run it after changing a program or a version:
 *
 *     node scripts/bootstrap.mjs scripts/record-otel-fixtures/main.ts [framework …]
 *
 * The libraries are installed into a temporary folder. None is a dependency of the repository.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { fromProtobuf } from "../../packages/server/test/support/otlp.ts";
import { answerLikeAnthropic } from "./fake-anthropic.ts";
import { answerLikeOpenAi } from "./fake-openai.ts";

interface Framework {
  readonly program: string;
  readonly packages: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Installs the packages into a folder. @returns the program that runs the framework's */
  install(folder: string, packages: readonly string[]): string;
}

const openTelemetry = [
  "@opentelemetry/context-async-hooks@2.12.1",
  "@opentelemetry/exporter-trace-otlp-http@0.223.1",
  "@opentelemetry/resources@2.12.1",
  "@opentelemetry/sdk-trace-base@2.12.1",
];

const otlpExporter = "opentelemetry-exporter-otlp-proto-http==1.45.1";

const googleAdk: Framework = {
  program: "google-adk.py",
  packages: ["google-adk[otel]==2.13.0"],
  install: withUv,
  env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "SPAN_ONLY" },
};

const strands: Framework = {
  program: "strands-agents.py",
  packages: [otlpExporter, "openai==3.57.0", "strands-agents[otel]==1.62.0"],
  install: withUv,
};

const frameworks: Readonly<Record<string, Framework>> = {
  "claude-agent": {
    program: "claude-agent.py",
    packages: ["claude-agent-sdk==0.2.189", "opentelemetry-api"],
    install: withUv,
    env: {
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_ENABLE_TELEMETRY: "1",
      CLAUDE_CODE_ENHANCED_TELEMETRY_BETA: "1",
      ENABLE_BETA_TRACING_DETAILED: "1",
      OTEL_TRACES_EXPORTER: "otlp",
      OTEL_LOG_USER_PROMPTS: "1",
      OTEL_LOG_TOOL_DETAILS: "1",
      OTEL_LOG_TOOL_CONTENT: "1",
    },
  },
  "google-adk": googleAdk,
  // Messages in the log, in one event for each call.
  "google-adk-events": {
    ...googleAdk,
    env: {
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "EVENT_ONLY",
      OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental",
    },
  },
  "google-adk-1": {
    ...googleAdk,
    packages: ["google-adk[otel-gcp]==1.39.1"],
    env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "true" },
  },
  "ai-sdk-5": {
    program: "ai-sdk-5.mjs",
    packages: [...openTelemetry, "@opentelemetry/api@1.9.0", "ai@5.0.277", "zod@4.6.7"],
    install: withNpm,
  },
  "ai-sdk-6": {
    program: "ai-sdk-6.mjs",
    packages: [...openTelemetry, "@opentelemetry/api@1.9.1", "ai@6.0.326", "zod@4.6.7"],
    install: withNpm,
  },
  "ai-sdk-7": {
    program: "ai-sdk-7.mjs",
    packages: [
      ...openTelemetry,
      "@opentelemetry/api@1.9.1",
      "ai@7.0.173",
      "@ai-sdk/otel@1.0.173",
      "zod@4.6.7",
    ],
    install: withNpm,
  },
  langgraph: {
    program: "langgraph.mjs",
    packages: [
      ...openTelemetry,
      "@opentelemetry/api@1.10.0",
      "@arizeai/openinference-instrumentation-langchain@4.1.1",
      "@langchain/core@1.4.0",
      "@langchain/langgraph@1.7.3",
      "zod@4.6.7",
    ],
    install: withNpm,
  },
  langsmith: {
    program: "langsmith-otel.py",
    packages: ["langchain==1.5.2", "langchain-openai==1.7.4", "langgraph==1.2.24", "langsmith[otel]==0.15.1"],
    install: withUv,
    env: { LANGSMITH_TRACING: "true", LANGSMITH_OTEL_ENABLED: "true", LANGSMITH_OTEL_ONLY: "true" },
  },
  mastra: {
    program: "mastra.mjs",
    packages: [
      ...openTelemetry,
      "@opentelemetry/api@1.9.1",
      "@mastra/core@1.71.0",
      "@mastra/observability@1.17.4",
      "@mastra/otel-bridge@1.5.4",
      "ai@7.0.173",
      "zod@4.6.7",
    ],
    install: withNpm,
  },
  // Messages in the log, each in an event of its own.
  openai: {
    program: "openai.mjs",
    packages: [
      ...openTelemetry,
      "@opentelemetry/api@1.10.0",
      "@opentelemetry/exporter-logs-otlp-proto@0.301.0",
      "@opentelemetry/instrumentation-openai@0.22.0",
      "@opentelemetry/sdk-logs@3.1.1",
      "openai@6.49.0",
    ],
    install: withNpm,
  },
  "openai-agents": {
    program: "openai-agents.py",
    packages: [otlpExporter, "openai-agents==0.24.0", "openinference-instrumentation-openai-agents==2.6.0"],
    install: withUv,
  },
  openllmetry: {
    program: "openllmetry.py",
    packages: ["httpx==0.28.1", "openai==3.57.0", "traceloop-sdk==0.62.4"],
    install: withUv,
    env: { TRACELOOP_METRICS_ENABLED: "false", TRACELOOP_TELEMETRY: "false" },
  },
  "otel-python": {
    program: "otel-python.py",
    packages: [otlpExporter],
    install: withUv,
  },
  "pydantic-ai": {
    program: "pydantic-ai.py",
    packages: [otlpExporter, "pydantic-ai-slim==2.68.0"],
    install: withUv,
  },
  strands,
  "strands-latest": {
    ...strands,
    env: { OTEL_SEMCONV_STABILITY_OPT_IN: "gen_ai_latest_experimental,gen_ai_tool_definitions" },
  },
};

const fixtures = new URL("../../packages/server/test/otel-fixtures/", import.meta.url);
const asked = process.argv.slice(2);
for (const [name, framework] of Object.entries(frameworks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const recorded = await record(framework);
  writeFileSync(new URL(`${name}.json`, fixtures), recorded);
  console.log(`${name}: ${recorded.length} bytes`);
}

/** The requests of each scenario, as JSON. */
async function record({ program, packages, install, env: own }: Framework): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "otel-fixtures-"));
  const scenarios: string[] = [];
  let requests: unknown[] = [];
  const recorder = createServer(async (request, response) => {
    const [, place, name] = (request.url ?? "").split("/");
    if (name?.startsWith("messages") === true) return answerLikeAnthropic(request, response);
    if (name === "chat" || name === "responses") return answerLikeOpenAi(request, response);
    if (place === "scenarios") {
      scenarios.push(`${JSON.stringify(name)}: ${JSON.stringify(requests)}`);
      requests = [];
    } else if (name === "traces" || name === "logs") requests.push(await readRequest(request, name));
    else response.statusCode = 404;
    response.setHeader("content-type", request.headers["content-type"] ?? "application/json").end();
  });
  try {
    cpSync(import.meta.dirname, folder, { recursive: true });
    const runner = install(folder, packages);
    await once(recorder.listen(0, "127.0.0.1"), "listening");
    const { port } = recorder.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      HOME: folder,
      RECORDER_URL: url,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces`,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${url}/v1/logs`,
      OTEL_SERVICE_NAME: "fixtures",
      OTEL_RESOURCE_ATTRIBUTES: "service.version=1.0",
      BETA_TRACING_ENDPOINT: url,
      TRACELOOP_BASE_URL: url,
      TRACELOOP_HEADERS: "x-api-key=sk_pp_fake",
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: "sk-fake",
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: "sk-fake",
      ...own,
    };
    const [code] = await once(spawn(runner, [program], { cwd: folder, env, stdio: "inherit" }), "exit");
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}.`);
    // Stack traces name the folder.
    return `{\n${scenarios.join(",\n")}\n}\n`.replaceAll(folder, "/app").replaceAll(url, "http://localhost");
  } finally {
    recorder.close();
    recorder.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A request of OTLP as JSON, where ids are in hexadecimal. */
async function readRequest(request: IncomingMessage, signal: "traces" | "logs"): Promise<unknown> {
  const body = await buffer(request);
  const bytes = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  if (request.headers["content-type"] === "application/json") return JSON.parse(bytes.toString());
  return JSON.parse(JSON.stringify(fromProtobuf(signal, bytes)), (key, value: unknown) =>
    /^(?:trace|span|parentSpan)Id$/.test(key) && typeof value === "string"
      ? Buffer.from(value, "base64").toString("hex")
      : value,
  );
}

function withNpm(folder: string, packages: readonly string[]): string {
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", ...packages], {
    cwd: folder,
    stdio: "inherit",
  });
  return process.execPath;
}

/** With uv, because pip takes minutes to choose versions for Traceloop's packages. */
function withUv(folder: string, packages: readonly string[]): string {
  const bin = path.join(folder, "python", "bin");
  execFileSync("python3", ["-m", "venv", path.join(folder, "python")], { stdio: "inherit" });
  execFileSync(path.join(bin, "pip"), ["install", "--quiet", "uv"], { stdio: "inherit" });
  const python = path.join(bin, "python");
  execFileSync(path.join(bin, "uv"), ["pip", "install", "--quiet", "--python", python, ...packages], {
    stdio: "inherit",
  });
  return python;
}
