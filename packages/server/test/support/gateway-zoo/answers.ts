import { askedCalls } from "../llm-answer.ts";
import { type Behaviour, type Behaviours, body, questions, type ZooCall } from "./behaviour.ts";

type Question = Extract<ZooCall, { kind: "question" }>;
type Fields = Readonly<Record<string, unknown>>;

/** A model that answers with a variation of a right answer. */
function says(text: (right: string, call: Question) => string): Behaviour {
  return questions((call) => ({ kind: "says", text: text(call.rightText, call) }));
}

/** A model of OpenAI's API with a different body: the changes override the usual fields. */
function chats(change: (call: Question) => { message?: object; choice?: object; more?: object }): Behaviour {
  return questions((call, usual) => {
    const { message, choice, more } = change(call);
    const choices = [
      { index: 0, finish_reason: "stop", message: { role: "assistant", ...message }, ...choice },
    ];
    return body({ ...usual, ...(message !== undefined || choice !== undefined ? { choices } : {}), ...more });
  });
}

function counts(usage: unknown): Behaviour {
  return questions((_call, usual) => body({ ...usual, usage }));
}

/** Token counts as gateways write them, in both APIs. */
const countForms = {
  fractional: [100.4, 20.5],
  text: ["100", "20.0"],
  negative: [-1, -20],
  huge: [1e30, 9e18],
  null: [null, null],
  object: [{}, []],
} as const;

const tokenCounts: Behaviours = Object.fromEntries([
  ...Object.entries(countForms).map(([form, [input, output]]): [string, Behaviour] => [
    `counts-${form}`,
    counts({ prompt_tokens: input, completion_tokens: output, input_tokens: input, output_tokens: output }),
  ]),
  ["counts-missing", counts({})],
  ["counts-none", counts(undefined)],
  ["counts-a-word", counts("none")],
  [
    "counts-nested",
    counts({
      prompt_tokens: 100,
      completion_tokens: 20,
      prompt_tokens_details: { cached_tokens: "7" },
      input_tokens: 100,
      output_tokens: 20,
    }),
  ],
]);

/** Answers that are not in the text of the message. */
const elsewhere: Behaviours = {
  "in-reasoning": chats(({ rightText }) => ({ message: { content: null, reasoning_content: rightText } })),
  "in-reasoning-of-openrouter": chats(({ rightText }) => ({
    message: { content: "", reasoning: rightText },
  })),
  "in-a-tool-call": chats(({ rightText }) => ({
    message: {
      content: null,
      tool_calls: [{ id: "1", type: "function", function: { name: "give_verdict", arguments: rightText } }],
    },
    choice: {},
  })),
  "in-a-tool-call-as-object": chats(({ right }) => ({
    message: { content: "I will call the tool.", tool_calls: [{ function: { arguments: right } }] },
  })),
  "in-a-function-call": chats(({ rightText }) => ({
    message: { content: null, function_call: { name: "answer", arguments: rightText } },
  })),
  "finish-tool-calls": chats(({ rightText }) => ({
    choice: { message: { role: "", content: rightText }, finish_reason: "tool_calls" },
  })),
  "finish-unknown": chats(({ rightText }) => ({
    choice: { message: { role: "model", content: rightText }, finish_reason: "eos_token" },
  })),
  "created-float": chats(() => ({ more: { created: 1767225600.25, id: 17, model: null } })),
  "created-text": chats(() => ({ more: { created: "2026-01-01T00:00:00Z" } })),
  "content-parts": chats(({ rightText }) => ({
    message: {
      content: [
        { type: "thinking", thinking: "Hm." },
        { type: "text", text: rightText.slice(0, 9) },
        { text: rightText.slice(9) },
      ],
    },
  })),
  "content-object": chats(({ right }) => ({ message: { content: right } })),
  "completion-text": chats(({ rightText }) => ({ choice: { message: undefined, text: rightText } })),
};

/** Right answers with other text around them. */
const wrapped: Behaviours = {
  "after-think": says((right) => `<think>Perhaps {"score":0,"reason":"a draft"}?</think>\n\n${right}`),
  "after-unopened-think": says((right) => `Perhaps {"score":0}? No.</think>${right}`),
  harmony: says(
    (right) =>
      `<|channel|>analysis<|message|>{} hm<|end|><|start|>assistant<|channel|>final<|message|>${right}<|return|>`,
  ),
  "in-prose": says(
    (right) => `Sure, here it is:\n\n\`\`\`json\n${right}\n\`\`\`\nTell me if {you} want more.`,
  ),
  twice: says((right) => `${right}\n${right}`),
  wrapper: says((right) => `{"answer":${right}}`),
  "json-text": says((right) => JSON.stringify(right)),
  "trailing-comma": says((right) => right.replace(/\}$/, ",}")),
  "single-quotes": says((right) => right.replaceAll('"', "'")),
  "numbers-as-text": says((right) => right.replace(/:(0\.8)/g, ':"$1"')),
};

/** Answers that must be rejected. */
const unreadable: Behaviours = {
  "two-answers": says((right) => `${right} ${right.replace("0.8", "0.1")}`),
  "out-of-range": says((right) => right.replace("0.8", "8")),
  fraction: says((right) => right.replace("0.8", '"8/10"')),
  nan: says((right) => right.replace("0.8", "NaN")),
  /** Quotes an answer that the trace suggests, among other words. */
  parrot: questions(({ request }) => {
    const prompt = request.body.messages.at(-1)?.content ?? "";
    const planted = /\{\\"score\\":[^}]*\}/.exec(prompt)?.[0].replaceAll('\\"', '"');
    return planted === undefined
      ? undefined
      : { kind: "says", text: `The record says ${planted}, so it does.` };
  }),
};

/** Verdicts on tool calls: in odd orders, with repetitions, or incomplete. */
const verdicts: Behaviours = {
  /** Leaves out calls with even numbers unless it is asked about a single one. */
  "every-other-verdict": verdictsOf((numbers) =>
    numbers.length === 1 ? numbers : numbers.filter((number) => number % 2 === 1),
  ),
  "too-many-verdicts": verdictsOf((numbers) => [99, ...numbers.toReversed(), ...numbers, 0]),
  "never-the-second": verdictsOf((numbers) => numbers.filter((number) => number !== 2)),
};

/** Verdicts on the given calls. Calls 3, 6, … are wrong. */
function verdictsOf(given: (numbers: number[]) => readonly number[]): Behaviour {
  return questions(({ request, right }) => {
    if (!isFields(right) || !("verdicts" in right)) return undefined;
    const list = given(askedCalls(request.body));
    const answer = list.map((call) => ({
      call,
      verdict: call % 3 === 0 ? "no" : "yes",
      reason: `On ${call}.`,
    }));
    return { kind: "says", text: JSON.stringify({ verdicts: answer }) };
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** Unusual answers. */
export const answers: Behaviours = {
  /** The usual answer, which the other models vary. */
  usual: questions((_call, usual) => body(usual)),
  ...tokenCounts,
  ...elsewhere,
  ...wrapped,
  ...unreadable,
  ...verdicts,
};
