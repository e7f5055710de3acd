import { toFencedJson } from "./fence.ts";
import type { TraceMetric } from "./metric.ts";
import { renderPrompt } from "./prompt.ts";
import type { Subject } from "./subject.ts";

export interface StagePreview {
  readonly stage: string;
  readonly prompt: string;
}

const PLACEHOLDER_SUBJECT: Subject = {
  trace: {
    trace_id: "00000000-0000-0000-0000-000000000000",
    name: "",
    status: "COMPLETED",
    input: null,
    output: null,
    metadata: {},
    started_at: "1970-01-01T00:00:00.000Z",
    ended_at: null,
    session_id: null,
    tags: [],
    spans: [],
  },
  text: toFencedJson("… the trace under evaluation, as JSON …"),
  trimmed: false,
  maxChars: 10_000,
};

/** The prompts of a metric, stage by stage, with placeholders for the data of a trace. */
export function promptPreview(metric: TraceMetric): StagePreview[] {
  return Object.entries(metric.stages).map(([stage, question]) => {
    const { system, prompt } = renderPrompt(question, PLACEHOLDER_SUBJECT, question.placeholder);
    return { stage, prompt: `${system}\n\n${prompt}` };
  });
}
