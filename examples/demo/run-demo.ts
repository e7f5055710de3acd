import { randomBytes } from "node:crypto";
import { PandaProbe, type SessionScoreResponse, type TraceScoreResponse } from "@pandaprobe/sdk";
import { loadSampleTraces, type SampleTrace } from "../load-traces.ts";
import { announceJudge, explainJudge } from "./about-judge.ts";
import { DemoServerError } from "./demo-server-error.ts";
import { evaluateSamples } from "./evaluate-samples.ts";
import { planJudging } from "./judge-plan.ts";
import { keepServer } from "./keep-server.ts";
import type { DemoOptions } from "./options.ts";
import { done, step } from "./say.ts";
import { showAnalytics } from "./show-analytics.ts";
import { showScores } from "./show-scores.ts";
import { showSessions } from "./show-sessions.ts";
import { type DemoServer, startServer } from "./start-server.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const widest = 120;

/** The whole demo. Everything that it starts or creates is gone when it returns or throws. */
export async function runDemo({ keep, offline }: DemoOptions, signal: AbortSignal): Promise<void> {
  const access = { apiKey: `sk_pp_${randomBytes(32).toString("hex")}`, projectName: "demo" };
  const samples = await loadSampleTraces();
  await using folder = await makeTemporaryFolder();

  step("Starting a server with its own PostgreSQL", `, in ${folder.path}`);
  const startedAt = performance.now();
  await using server = await startServer({ dataDir: folder.path, apiKey: access.apiKey, offline, signal });
  done(`ready at ${server.url}`, startedAt);

  const client = new PandaProbe({ ...access, endpoint: server.url });
  await whileItRuns(server, signal, (running) => evaluate(client, samples, running));
  if (keep)
    await whileItRuns(server, signal, (running) =>
      keepServer({ ...access, url: server.url, signInLink: server.signInLink }, running),
    );
  else step("\nStopping the server and removing its data");
}

async function evaluate(
  client: PandaProbe,
  samples: readonly SampleTrace[],
  signal: AbortSignal,
): Promise<void> {
  step("Sending the sample traces with the SDK", ", from examples/traces");
  const sentAt = performance.now();
  for (const { trace } of samples) await client.createTrace(trace, { signal });
  const agents = new Set(samples.map(({ agent }) => agent)).size;
  const spans = samples.reduce((sum, { trace }) => sum + (trace.spans?.length ?? 0), 0);
  done(`${samples.length} traces of ${agents} agents, ${spans} spans`, sentAt);

  const metrics = (await client.listTraceMetrics({ signal })).map(({ name }) => name);
  const plan = await planJudging(client, metrics, { signal });
  const inSessions = samples.filter(({ trace }) => trace.session_id != null);
  await announceJudge(plan, { traces: samples.length, inSessions: inSessions.length }, signal);

  const scores = await evaluateTraces(client, metrics, plan.embeddingMetrics, samples.length, signal);
  const sessions = new Set(inSessions.map(({ trace }) => trace.session_id)).size;
  const sessionScores = await evaluateSessions(client, sessions, signal);

  const columns = Math.min(process.stdout.columns ?? widest, widest);
  const judged = metrics.filter((metric) => scores.some(({ name }) => name === metric));
  showScores(samples, scores, judged, columns);
  if (sessionScores.length > 0) await showSessions(client, samples, sessionScores, columns, { signal });
  await showAnalytics(client, { signal });
  explainJudge(plan, columns);
  const failed = scores.filter(({ status }) => status === "FAILED").length;
  if (failed > scores.length / 2) {
    throw new Error(`${failed} of ${scores.length} scores failed. The reasons are above.`);
  }
}

async function evaluateTraces(
  client: PandaProbe,
  metrics: readonly string[],
  embeddingMetrics: readonly string[],
  count: number,
  signal: AbortSignal,
): Promise<TraceScoreResponse[]> {
  step(`Evaluating ${count} traces by ${metrics.length} metrics`);
  const startedAt = performance.now();
  const others = metrics.filter((metric) => !embeddingMetrics.includes(metric));
  const run =
    (await evaluateSamples(client, "traces", metrics, signal)) ??
    (await evaluateSamples(client, "traces", others, signal));
  const scores = run === null ? [] : await client.getTraceRunScores(run.id, {}, { signal });
  done(`${scores.length} scores`, startedAt);
  return scores;
}

async function evaluateSessions(
  client: PandaProbe,
  count: number,
  signal: AbortSignal,
): Promise<SessionScoreResponse[]> {
  const metrics = (await client.listSessionMetrics({ signal })).map(({ name }) => name);
  step(`Evaluating ${count} sessions by ${metrics.length} metrics`, ", from four signals per trace");
  const startedAt = performance.now();
  const run = await evaluateSamples(client, "sessions", metrics, signal);
  const scores = run === null ? [] : await client.getSessionRunScores(run.id, {}, { signal });
  done(`${scores.length} scores`, startedAt);
  return scores;
}

/** Does the work, and aborts it if the server ends first. */
async function whileItRuns(
  server: DemoServer,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  server.ended.then((how) => gone.abort(new DemoServerError(`The server ${how}.`, server.logTail(20))));
  await work(AbortSignal.any([signal, gone.signal]));
  if (!signal.aborted) gone.signal.throwIfAborted();
}
