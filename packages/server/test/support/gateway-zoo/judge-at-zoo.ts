import type { EvalRunResponse, TraceScoreResponse } from "@pandaprobe/contract";
import { defaultJudgeSettings, type JudgeSettings } from "../../../src/config/judge-settings.ts";
import { createJudges } from "../../../src/judge/judges.ts";
import type { Judge } from "../../../src/metrics/judge.ts";
import { createRun, endedRun, runScores } from "../run-helpers.ts";
import { type TestServer, useTestServer } from "../test-server.ts";
import { storeTraces } from "../traces.ts";
import { useZoo, type Zoo } from "./zoo.ts";

/**
 * A judge whose model and embedding model are in the zoo, with short pauses between attempts.
 *
 * @param model `openai/<model of the zoo>` or `anthropic/<model of the zoo>`.
 */
export async function judgeAtZoo(
  model: string,
  changes: Partial<JudgeSettings> = {},
): Promise<{ readonly zoo: Zoo; readonly judge: Judge }> {
  const zoo = await useZoo();
  const judges = createJudges({
    ...defaultJudgeSettings,
    callTimeoutMs: 2_000,
    questionTimeoutMs: 10_000,
    firstBackoffMs: 10,
    openai: { apiKey: null, baseUrl: zoo.baseUrl },
    anthropic: { apiKey: "sk-ant-key-of-the-zoo", baseUrl: zoo.baseUrl },
    ...(model.startsWith("openai/") && { embeddingModel: model }),
    ...changes,
  });
  return { zoo, judge: judges.judgeFor(model) };
}

export interface ZooServer extends TestServer {
  readonly zoo: Zoo;
  /** Creates a run over all traces of the project with this model, and waits for its end. */
  run(model: string, body?: object): Promise<ZooRun>;
}

export interface ZooRun {
  readonly run: EvalRunResponse;
  readonly scores: TraceScoreResponse[];
  /** The number of calls that the run made to its model. */
  readonly calls: number;
}

/** A server whose judges are in the zoo: `openai/<model of the zoo>` and `anthropic/<model of the zoo>`. */
export async function useZooServer(environment: Record<string, string> = {}): Promise<ZooServer> {
  const zoo = await useZoo();
  const server = await useTestServer({
    environment: {
      OPENAI_BASE_URL: zoo.baseUrl,
      ANTHROPIC_BASE_URL: zoo.baseUrl,
      ANTHROPIC_API_KEY: "sk-ant-key-of-the-zoo",
      EVAL_LLM_MODEL: "openai/usual",
      EVAL_CONCURRENCY: "4",
      EVAL_CALL_TIMEOUT_SECONDS: "5",
      ...environment,
    },
  });
  return {
    ...server,
    zoo,
    async run(model, body = {}) {
      const bare = model.slice(model.indexOf("/") + 1);
      const before = zoo.callsOf(bare).length;
      const { id } = await createRun(server.api, { metrics: ["confidence"], model, ...body });
      const run = await endedRun(server.api, id, 30_000);
      return { run, scores: await runScores(server.api, id), calls: zoo.callsOf(bare).length - before };
    },
  };
}

/** Judges one trace with one model of the zoo. */
export async function judgeOneTrace(
  model: string,
  trace: object = {},
  metric = "confidence",
): Promise<ZooRun> {
  const server = await useZooServer();
  await storeTraces(server.api, 1, trace);
  return server.run(model, { metrics: [metric] });
}
