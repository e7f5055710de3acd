import { clamp01, describeMetric, round4 } from "@pandaprobe/contract/rules";
import type { TraceMetric } from "./metric.ts";
import { isRecord } from "./reading/json.ts";
import { readMessages } from "./reading/messages.ts";
import { cosine } from "./similarity.ts";
import { toText } from "./to-text.ts";
import { trimText } from "./trim/text.ts";

/** How close in meaning the agent's answer is to the request. Compares two embeddings and asks the judge nothing. */
export const coherence = {
  ...describeMetric("coherence"),
  stages: {},
  embeds: true,
  async evaluate({ trace }, judge, signal) {
    const texts = [turnText(trace.input, "user"), turnText(trace.output, "assistant")];
    if (texts.includes("")) {
      const reason = `${judge.embeddingModel} had nothing to compare: the trace has no input or no output.`;
      return { score: 1, reason, metadata: { coherence_gap: 0 }, notApplicable: "empty_input_or_output" };
    }
    const embedded = texts.map((text) => trimText(text, judge.maxTextChars));
    const [input = [], output = []] = await judge.embed(embedded, signal);
    const gap = 1 - cosine(input, output);
    const wasTrimmed = texts.some((text) => text.length > judge.maxTextChars);
    return {
      score: clamp01(1 - gap),
      reason: `Input and output, embedded by ${judge.embeddingModel}, have a cosine similarity of ${round4(1 - gap)}.`,
      metadata: { coherence_gap: round4(gap), ...(wasTrimmed && { trimmed: true }) },
    };
  },
} satisfies TraceMetric;

/**
 * The text of the turn itself, in whatever form it was recorded: the last message of this role if the value is a
 * conversation, the only field if the value is one text in an object, otherwise the whole value.
 */
function turnText(value: unknown, role: "user" | "assistant"): string {
  const said = readMessages(value).findLast((message) => message.role === role && message.text.trim() !== "");
  if (said !== undefined) return said.text;
  const [only, ...others] = isRecord(value) ? Object.values(value) : [];
  return typeof only === "string" && others.length === 0 ? only : toText(value);
}
