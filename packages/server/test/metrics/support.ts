import { JudgeError } from "@pandaprobe/contract/rules";
import type { Judge } from "../../src/metrics/judge.ts";
import { renderSubject, type Subject } from "../../src/metrics/subject.ts";
import type { Span, Trace } from "../../src/metrics/trace.ts";

const START = Date.parse("2026-03-01T09:00:00.000Z");

/** A trace with defaults for everything that a test does not set. */
export function makeTrace(parts: Partial<Omit<Trace, "spans">> & { spans?: Partial<Span>[] } = {}): Trace {
  return {
    trace_id: "11111111-1111-1111-1111-111111111111",
    name: "agent",
    status: "COMPLETED",
    input: "What is the capital of France?",
    output: "The capital of France is Paris.",
    metadata: {},
    started_at: new Date(START).toISOString(),
    ended_at: new Date(START + 2_000).toISOString(),
    session_id: null,
    tags: [],
    ...parts,
    spans: (parts.spans ?? []).map((span, i) => makeSpan(span, i)),
  };
}

function makeSpan(parts: Partial<Span>, index: number): Span {
  return {
    span_id: `span-${index}`,
    parent_span_id: null,
    name: "step",
    kind: "OTHER",
    status: "UNSET",
    input: null,
    output: null,
    model: null,
    metadata: {},
    model_parameters: null,
    error: null,
    started_at: new Date(START + 100 * (index + 1)).toISOString(),
    ended_at: new Date(START + 100 * (index + 1) + 50).toISOString(),
    ...parts,
  };
}

export function makeSubject(parts: Parameters<typeof makeTrace>[0] = {}, maxChars = 100_000): Subject {
  return renderSubject(makeTrace(parts), maxChars);
}

/** What a scripted judge was asked. */
export interface Asked {
  readonly stage: string;
  readonly given: unknown;
}

export interface ScriptedJudge extends Judge {
  readonly asked: Asked[];
  readonly embedded: string[][];
}

/**
 * A judge that answers from a script, by the name of the stage, and like a real one rejects answers that break the schema.
 * Embeddings come from `vectors`, by text.
 */
export function scriptJudge(
  answers: Readonly<Record<string, unknown>>,
  vectors: Readonly<Record<string, number[]>> = {},
): ScriptedJudge {
  const asked: Asked[] = [];
  const embedded: string[][] = [];
  return {
    asked,
    embedded,
    model: "test/judge",
    embeddingModel: "test/embedder",
    maxTraceChars: 100_000,
    maxTextChars: 1_000,
    async ask(stage, _subject, given) {
      asked.push({ stage: stage.name, given });
      const answer = stage.schema.safeParse(answers[stage.name]);
      if (!answer.success) throw new JudgeError(`No valid answer to ${stage.name}.`);
      return answer.data;
    },
    async embed(texts) {
      embedded.push([...texts]);
      return texts.map((text) => vectors[text] ?? [0, 0]);
    },
  };
}

/** A signal that is never aborted. */
export const calm = new AbortController().signal;
