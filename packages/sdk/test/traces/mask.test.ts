import type { Mask } from "@pandaprobe/sdk/traces";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTraceReceiver } from "../support/trace-receiver.ts";

let server: Awaited<ReturnType<typeof startTraceReceiver>>;
beforeAll(async () => {
  server = await startTraceReceiver();
});
afterAll(() => server[Symbol.asyncDispose]());

const started_at = "2026-03-29T10:00:00.000Z";
const secrets = ["hunter2", "ann@example.com", "4111111111111111"];
const whole = {
  name: "reset ann@example.com",
  started_at,
  trace_id: "11111111-1111-4111-8111-111111111111",
  user_id: "ann@example.com",
  input: { Password: "hunter2", card: { number: 4111111111111111 }, text: "I am ann@example.com", n: 1.5 },
  metadata: { "ann@example.com": true, card: ["4111111111111111"] },
  tags: ["for ann@example.com"],
  spans: [
    {
      name: "call",
      started_at,
      model: "gpt-5.4",
      output: { arguments: '{ "password": "hunter2", "to": ["ann@example.com"] }', kept: '{ "a": 1.0 }' },
      error: "ann@example.com is unknown",
      model_parameters: { user: "ann@example.com" },
    },
  ],
};

it("hides values by key, path and pattern, also in JSON text, before anything is sent", async () => {
  const mask = {
    keys: ["password"],
    paths: ["input.card", "metadata.card.*"],
    patterns: [/[\w.]+@[\w.]+/],
  };
  const { client, sentOne } = server.trace({ mask });
  client.traces.send(whole);
  const hidden = "[masked]";
  expect(await sentOne()).toEqual({
    ...whole,
    name: `reset ${hidden}`,
    user_id: hidden,
    input: { Password: hidden, card: hidden, text: `I am ${hidden}`, n: 1.5 },
    metadata: { [hidden]: true, card: [hidden] },
    tags: [`for ${hidden}`],
    spans: [
      {
        ...whole.spans[0],
        span_id: expect.any(String),
        output: { arguments: `{"password":"${hidden}","to":["${hidden}"]}`, kept: '{ "a": 1.0 }' },
        error: `${hidden} is unknown`,
        model_parameters: { user: hidden },
      },
    ],
  });
  const bodies = server.requests.map(({ body }) => body).join();
  expect(secrets.filter((secret) => bodies.includes(secret))).toEqual([]);
});

it("hides whole fields and numbers by pattern, and uses a function's replacement", async () => {
  const replacement = (text: string) => `<${text.length}>`;
  const mask = {
    keys: [/pass/i],
    paths: ["spans.*.output", "metadata", "tags"],
    patterns: [/\d{16}/y],
    replacement,
  };
  const { client, sentOne } = server.trace({ mask });
  client.traces.send(whole);
  const { input, metadata, tags, spans } = await sentOne();
  expect(input).toEqual({ ...whole.input, Password: "<7>", card: { number: "<16>" } });
  expect(metadata).toEqual({ "ann@example.com": "<4>", card: "<20>" });
  expect(tags).toEqual(["<19>"]);
  expect(spans[0]).toMatchObject({ name: "call", model: "gpt-5.4", output: "<100>" });
});

it("sends the trace that a function returns, which gets it as JSON", async () => {
  const mask: Mask = (trace) => ({ ...trace, input: `${trace.started_at}` });
  const { client, sentOne } = server.trace({ mask });
  client.traces.send({ name: "a", started_at: new Date(0), input: "hunter2" });
  expect((await sentOne()).input).toBe("1970-01-01T00:00:00.000Z");
});

it.each([
  [
    "throws",
    () => {
      throw new Error("no rule");
    },
  ],
  ["returns nothing", (() => undefined) as unknown as Mask],
  ["returns a promise", (async () => ({ name: "a" })) as unknown as Mask],
  [
    "has a replacement that throws",
    {
      keys: ["input"],
      replacement: () => {
        throw new Error("no");
      },
    },
  ],
] as [string, Mask][])("drops a trace whose mask %s", async (_what, mask) => {
  const { client, drops, sent } = server.trace({ mask });
  client.traces.send({ name: "a", started_at, input: '{"a": 1}' });
  expect(await sent()).toEqual([]);
  expect(drops).toMatchObject([{ reason: "unsendable" }]);
});

it("masks traces by hand", async () => {
  const { observe, sentOne } = server.trace({ mask: { keys: ["token"], patterns: [/secret/] } });
  const call = observe(
    (_given: object) => {
      throw new Error("the secret is wrong");
    },
    { name: "call" },
  );
  expect(() => call({ token: "t" })).toThrow("secret");
  const { input, spans } = await sentOne();
  expect([input, spans[0]?.error]).toEqual([{ token: "[masked]" }, "the [masked] is wrong"]);
});
