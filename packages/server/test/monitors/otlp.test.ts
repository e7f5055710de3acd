import type { TraceScoreResponse } from "@pandaprobe/contract";
import { toTraceId } from "@pandaprobe/contract/otel";
import { afterAll, expect, test } from "vitest";
import { databaseBehind } from "../http/support/database-behind.ts";
import { createMonitor } from "../http/support/samples.ts";
import { useHttpServer } from "../http/support/use-http-server.ts";
import type { ApiClient } from "../support/api-client.ts";
import { startLlmServer } from "../support/llm-server.ts";
import {
  exportJson,
  loggedMessage,
  logRequest,
  nanos,
  newTrace,
  type OtlpSpan,
  otlpRequest,
  otlpSpan,
} from "../support/otlp.ts";
import { tick } from "./support/tick.ts";

const llm = await startLlmServer();
afterAll(() => llm.stop());

const server = useHttpServer({
  role: "all",
  environment: {
    MONITOR_CHECK_SECONDS: "1",
    // Longer than any test takes.
    MONITOR_QUIET_SECONDS: "3600",
    OPENAI_API_KEY: "sk-test",
    OPENAI_BASE_URL: llm.baseUrl,
    EVAL_LLM_MODEL: "openai/judge",
    EVAL_EMBEDDING_MODEL: "heuristic/v1",
  },
});
const database = databaseBehind(server);

const rootId = "0000000000000001";

/** An agent that calls a model, a tool and the model again. Its messages are in the log. */
function agentOf(traceId: string) {
  const child = (n: number, name: string, attributes: object) =>
    otlpSpan(traceId, n, {
      name,
      parentSpanId: rootId,
      startTimeUnixNano: nanos(n * 1_000_000),
      endTimeUnixNano: nanos(n * 1_000_000 + 500_000),
      attributes: { ...attributes },
    });
  const chat = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" };
  return {
    root: otlpSpan(traceId, 1, {
      name: "invoke_agent",
      attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support" },
    }),
    asking: child(2, "chat", chat),
    tool: child(3, "execute_tool", {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "get_weather",
      "gen_ai.tool.call.arguments": '{"city":"Paris"}',
      "gen_ai.tool.call.result": '{"sky":"rainy"}',
    }),
    answering: child(4, "chat", chat),
  };
}

const asked = (span: OtlpSpan) =>
  loggedMessage(span, "gen_ai.user.message", { content: "Do I need an umbrella?" });
const answered = (span: OtlpSpan, content: string) =>
  loggedMessage(span, "gen_ai.choice", { index: 0, finish_reason: "stop", message: { content } });

async function sendSpans(api: ApiClient, ...spans: readonly OtlpSpan[]): Promise<void> {
  expect(await exportJson(api, otlpRequest(spans))).toMatchObject({ status: 200, body: {} });
}

async function sendLog(api: ApiClient, ...records: readonly object[]): Promise<void> {
  expect(await exportJson(api, logRequest(records), "/v1/logs")).toMatchObject({ status: 200, body: {} });
}

/** A project with a monitor, and what tests ask it. */
async function monitored() {
  const api = server.project();
  const monitor = await createMonitor(api, { metrics: ["task_completion"] });
  let questions = llm.requests.length;
  return {
    api,
    /** Whether the monitor ran. */
    ticks: async () => (await tick(api, database, [monitor]))[0],
    /** What the judge was asked since the last time. */
    read(): string {
      const asked = JSON.stringify(llm.requests.slice(questions).map(({ sent }) => sent));
      questions = llm.requests.length;
      return asked;
    },
    async isStale(traceId: string): Promise<boolean[]> {
      const { body } = await api.get<TraceScoreResponse[]>(`/evaluations/trace-scores/${toTraceId(traceId)}`);
      return body.map(({ stale }) => stale);
    },
  };
}

test("a monitor judges a trace as a whole, once its root has ended, and again after a late batch", async () => {
  const { api, ticks, read, isStale } = await monitored();
  const traceId = newTrace();
  const { root, asking, tool, answering } = agentOf(traceId);

  await sendLog(api, asked(asking));
  await sendSpans(api, asking);
  await sendSpans(api, tool);
  await sendLog(api, answered(answering, "Yes, it rains."));
  expect(await ticks()).toBe(false);
  expect(read()).toBe("[]");

  await sendSpans(api, answering, root);
  expect(await ticks()).toBe(true);
  const whole = read();
  for (const part of ["Do I need an umbrella?", "get_weather", "Paris", "rainy", "Yes, it rains."]) {
    expect(whole).toContain(part);
  }

  await sendSpans(api, tool, root);
  await sendLog(api, asked(asking));
  expect(await isStale(traceId)).toEqual([false]);

  await sendLog(api, answered(asking, "I will look at the sky."));
  expect(await isStale(traceId)).toEqual([true]);
  expect(await ticks()).toBe(true);
  expect(read()).toContain("I will look at the sky.");
  expect(await isStale(traceId)).toEqual([false]);
});

test("a monitor judges a trace whose root never comes once it is quiet", async () => {
  const { api, ticks, read, isStale } = await monitored();
  const traceId = newTrace();
  const { asking, tool } = agentOf(traceId);
  await sendLog(api, asked(asking));
  await sendSpans(api, asking, tool);
  expect(await ticks()).toBe(false);

  // Time passes without any change.
  await database.run("alter table traces disable trigger traces_note_change");
  await database.run(
    `update traces set updated_at = (select max(seen_quiet) from monitors) + interval '1 microsecond'
      where trace_id = $1`,
    [toTraceId(traceId)],
  );
  await database.run("alter table traces enable trigger traces_note_change");
  expect(await ticks()).toBe(true);
  expect(read()).toMatch(/Do I need an umbrella\?.*rainy/);
  expect(await isStale(traceId)).toEqual([false]);
});
