import { expect, test } from "vitest";
import { chatTraces } from "../demo/chat-traces.ts";

test("a conversation becomes a session: a trace for each message of the user, a span for each call", () => {
  const call = { id: "c", function: { name: "search", arguments: '{"q":"flights"}' } };
  const messages = [
    { role: "system", content: "You book flights." },
    { role: "user", content: "Find a flight." },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "c", content: "none" },
    { role: "assistant", content: "There is none." },
    { role: "user", content: "Thanks." },
  ];
  const traces = chatTraces({ messages, task_id: 7, trial: 1, user_id: "ann" }, "air", 0);
  expect(traces).toMatchObject([
    {
      name: "air",
      session_id: "air-7-1",
      user_id: "ann",
      started_at: "1970-01-01T00:00:01.000Z",
      input: { messages: [{ role: "user", content: "Find a flight." }] },
      output: "There is none.",
      spans: [
        { name: "reply", kind: "LLM" },
        { name: "search", kind: "TOOL", input: '{"q":"flights"}', output: "none" },
        { name: "reply", kind: "LLM" },
      ],
    },
    { session_id: "air-7-1", output: null, spans: [] },
  ]);
  const times = traces.flatMap(({ started_at, ended_at }) => [started_at, ended_at ?? ""]);
  expect(times).toEqual(times.toSorted());
});
