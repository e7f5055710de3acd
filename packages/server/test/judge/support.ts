import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { defaultJudgeSettings, type JudgeSettings } from "../../src/config/judge-settings.ts";
import { createJudges, type Judges } from "../../src/judge/judges.ts";
import type { Judge } from "../../src/metrics/judge.ts";
import { taskStage } from "../../src/metrics/shared-stages.ts";
import { renderSubject, type Subject } from "../../src/metrics/subject.ts";
import type { Trace } from "../../src/metrics/trace.ts";
import { type LlmServer, type LlmServerOptions, startLlmServer } from "../support/llm-server.ts";

/** The defaults with short times. */
export const quick = {
  callTimeoutMs: 2_000,
  questionTimeoutMs: 10_000,
  firstBackoffMs: 10,
} as const satisfies Partial<JudgeSettings>;

export function settingsWith(changes: Partial<JudgeSettings>): JudgeSettings {
  return { ...defaultJudgeSettings, ...quick, ...changes };
}

export interface Setup {
  readonly server: LlmServer;
  readonly judges: Judges;
  readonly judge: Judge;
}

/** A test server and a judge that asks it; both end with the test. */
export async function judgeWith(
  options: LlmServerOptions = {},
  changes: Partial<JudgeSettings> = {},
): Promise<Setup> {
  const server = await startLlmServer(options);
  onTestFinished(() => server.stop());
  const judges = createJudges(
    settingsWith({ openai: { apiKey: null, baseUrl: server.baseUrl }, ...changes }),
  );
  return { server, judges, judge: judges.judgeFor("openai/test-model") };
}

export function traceWith(changes: Partial<Trace> = {}): Trace {
  return {
    trace_id: "7f8c1f6e-2f0b-4e53-9a43-0e9a3b1d5c11",
    name: "booking",
    status: "COMPLETED",
    input: "Book a table for two at eight.",
    output: "Done: a table for two at 20:00.",
    metadata: {},
    started_at: "2026-03-01T10:00:00.000Z",
    ended_at: "2026-03-01T10:00:04.000Z",
    session_id: null,
    tags: [],
    spans: [],
    ...changes,
  };
}

export function subjectWith(changes: Partial<Trace> = {}, maxChars = 100_000): Subject {
  return renderSubject(traceWith(changes), maxChars);
}

let asked = 0;

/** A new trace, about which no question has been asked. */
function newSubject(): Subject {
  asked += 1;
  return subjectWith({ trace_id: randomUUID(), input: `Book a table for ${asked} at eight.` });
}

/** Asks the shortest question about the given trace, or about a new one. */
export function askTask(
  judge: Judge,
  { subject = newSubject(), signal = new AbortController().signal } = {},
): Promise<{ task: string }> {
  return judge.ask(taskStage, subject, {}, signal);
}
