import { questionAnswer, type RecordedQuestion, rightAnswer } from "../llm-answer.ts";
import type { Fault } from "../llm-fault.ts";
import type { EmbeddingsBody } from "../llm-question.ts";
import type { RecordedRequest } from "../llm-server.ts";

/** A call to a model of the zoo. */
export type ZooCall = {
  /** The number of the call to this model, from 1. */
  readonly n: number;
  /** The whole request as JSON, to search for words. */
  readonly text: string;
} & (
  | {
      readonly kind: "question";
      readonly request: RecordedQuestion;
      /** A right answer, generated from the schema of the question. */
      readonly right: unknown;
      /** The same as JSON text. */
      readonly rightText: string;
    }
  | { readonly kind: "embeddings"; readonly request: RecordedRequest & { readonly body: EmbeddingsBody } }
);

/** How a model reacts to a call; undefined for a right answer in the usual form. */
export type Behaviour = (call: ZooCall) => Fault | undefined;

/** Behaviours by model name. */
export type Behaviours = Readonly<Record<string, Behaviour>>;

/** @param n the number of the call to this model, from 1. */
export function zooCall(request: RecordedRequest, n: number): ZooCall {
  const text = JSON.stringify(request.sent);
  if (request.path === "/embeddings") return { kind: "embeddings", n, text, request };
  const right = rightAnswer(request.body);
  return { kind: "question", n, text, request, right, rightText: JSON.stringify(right) };
}

/** A refusal with this status and body. */
export function refuse(status: number, body: unknown, headers: Record<string, string> = {}): Fault {
  return { kind: "status", status, body, headers };
}

/** A refusal as OpenAI words it. */
export function refuseWith(status: number, message: string, more: object = {}): Fault {
  return refuse(status, {
    error: { message, type: "invalid_request_error", param: null, code: null, ...more },
  });
}

/** Answers 200 with any body. Anything except text is sent as JSON. */
export function body(content: unknown, headers: Record<string, string> = {}): Fault {
  return { kind: "body", text: typeof content === "string" ? content : JSON.stringify(content), headers };
}

/** A model that answers questions with `answer`, and embeds as usual. `answer` also gets the body of a right answer. */
export function questions(
  answer: (call: Extract<ZooCall, { kind: "question" }>, usual: object) => Fault | undefined,
): Behaviour {
  return (call) =>
    call.kind === "question"
      ? answer(call, questionAnswer(call.request, call.right, { input: 100, output: 20 }))
      : undefined;
}

/** A model that refuses some calls, and answers all others. */
export function refusesIf(isRefused: (call: ZooCall) => boolean, fault: Fault): Behaviour {
  return (call) => (isRefused(call) ? fault : undefined);
}
