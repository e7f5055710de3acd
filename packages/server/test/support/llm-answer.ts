import { answerFromSchema } from "./answer-from-schema.ts";
import {
  type ChatBody,
  type EmbeddingsBody,
  questionSchema,
  type RecordedRequest,
  type Usage,
} from "./llm-question.ts";

/** A question that the server received, in either API. */
export type RecordedQuestion = Extract<RecordedRequest, { readonly body: ChatBody }>;

/** A valid answer to a question, generated from its schema, with a verdict for each numbered call. */
export function rightAnswer(question: ChatBody): unknown {
  const answer = answerFromSchema(questionSchema(question) ?? {});
  if (typeof answer !== "object" || answer === null || !("verdicts" in answer)) return answer;
  const [verdict] = Array.isArray(answer.verdicts) ? answer.verdicts : [];
  return { ...answer, verdicts: askedCalls(question).map((call) => ({ ...verdict, call })) };
}

/** The numbers of the calls that a question asks about. */
export function askedCalls({ messages }: ChatBody): number[] {
  const prompt = messages.at(-1)?.content ?? "";
  return [...prompt.matchAll(/"call":(\d+)/g)].map(([, number]) => Number(number));
}

/**
 * The response body for a question, in the API of the question.
 *
 * @param says what the model says; anything except text becomes JSON. If the question offers a tool, it is a call of it.
 */
export function questionAnswer(
  request: RecordedQuestion,
  says: unknown,
  usage: Usage,
  finishReason = "stop",
): object {
  const text = typeof says === "string" ? says : JSON.stringify(says);
  return request.path === "/messages"
    ? message(request, text, usage, finishReason)
    : chatCompletion(request, text, usage, finishReason);
}

function chatCompletion(
  { n, body: { model, tools } }: RecordedQuestion,
  text: string,
  { input, output }: Usage,
  finishReason: string,
): object {
  const tool = tools?.[0]?.function.name;
  const call = { id: `call-${n}`, type: "function", function: { name: tool, arguments: text } };
  return {
    id: `chatcmpl-${n}`,
    object: "chat.completion",
    created: 0,
    model,
    choices: [
      tool === undefined
        ? { index: 0, message: { role: "assistant", content: text }, finish_reason: finishReason }
        : {
            index: 0,
            message: { role: "assistant", content: null, tool_calls: [call] },
            finish_reason: finishReason === "stop" ? "tool_calls" : finishReason,
          },
    ],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

const stopReasons: Readonly<Record<string, string>> = { stop: "end_turn", length: "max_tokens" };

function message(
  { n, body: { model, tools } }: RecordedQuestion,
  text: string,
  { input, output }: Usage,
  finishReason: string,
): object {
  const tool = tools?.[0]?.function.name;
  return {
    id: `msg_${n}`,
    type: "message",
    role: "assistant",
    model,
    content: [
      tool === undefined
        ? { type: "text", text }
        : { type: "tool_use", id: `toolu_${n}`, name: tool, input: JSON.parse(text) },
    ],
    stop_reason: tool === undefined ? (stopReasons[finishReason] ?? finishReason) : "tool_use",
    stop_sequence: null,
    usage: { input_tokens: input, output_tokens: output },
  };
}

/** The response body for a call for embeddings. */
export function embeddingsAnswer(
  { model, input }: EmbeddingsBody,
  embed: (text: string) => number[],
  { input: tokens }: Usage,
): object {
  return {
    object: "list",
    model,
    data: input.map((text, index) => ({ object: "embedding", index, embedding: embed(text) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}
