import { JudgeError } from "@pandaprobe/contract/rules";
import { describe, expect, it } from "vitest";
import type { Fault } from "../support/llm-server.ts";
import { askTask, judgeWith, quick } from "./support.ts";

/** Faults, and what the message says if they persist. */
const passing: readonly (readonly [string, Fault, RegExp])[] = [
  ["429", { kind: "status", status: 429 }, /answered 429 Too Many Requests.*JUDGE_LIMITS/],
  ["408", { kind: "status", status: 408 }, /answered 408 Request Timeout/],
  ["409", { kind: "status", status: 409 }, /answered 409 Conflict/],
  [
    "500",
    { kind: "status", status: 500 },
    /answered 500 Internal Server Error: “The test server answers 500\.”/,
  ],
  [
    "503 with a page of HTML",
    { kind: "status", status: 503, body: "<html>" },
    /answered 503 Service Unavailable \(/,
  ],
  ["529", { kind: "status", status: 529 }, /answered 529: /],
  ["no body", { kind: "body", text: "" }, /answered with an empty body/],
  [
    "garbage",
    { kind: "body", text: "<!doctype html>" },
    /answered with something that is not an answer of this API/,
  ],
  ["no choices", { kind: "body", text: '{"choices":[]}' }, /did not contain any choices/],
  ["no content", { kind: "says", text: "" }, /answered in the wrong form \(no JSON\)/],
  ["prose", { kind: "says", text: "I would say it went well." }, /answered in the wrong form \(no JSON\)/],
  [
    "the wrong JSON",
    { kind: "says", text: '{"task": 5}' },
    /wrong form \(task: Invalid input: expected string/,
  ],
  [
    "half an answer",
    { kind: "says", text: '{"task": "Boo', finishReason: "length" },
    /EVAL_MAX_OUTPUT_TOKENS/,
  ],
  ["a cut connection", { kind: "reset" }, /could not be reached \((?:ECONNRESET|UND_ERR_SOCKET)\)/],
];

/** Faults that are not retryable. */
const lasting: readonly (readonly [string, Fault, RegExp])[] = [
  ["401", { kind: "status", status: 401 }, /answered 401 Unauthorized.*Check OPENAI_API_KEY/],
  ["402", { kind: "status", status: 402 }, /answered 402 Payment Required.*credit/],
  ["403", { kind: "status", status: 403 }, /answered 403 Forbidden.*Check OPENAI_API_KEY/],
  ["404", { kind: "status", status: 404 }, /answered 404 Not Found.*model of this name/],
  ["400", { kind: "status", status: 400 }, /answered 400 Bad Request/],
  [
    "429 because of missing credit",
    {
      kind: "status",
      status: 429,
      body: { error: { message: "Quota exceeded.", code: "insufficient_quota" } },
    },
    /answered 429 Too Many Requests: “Quota exceeded\.”.*credit/,
  ],
  [
    "a content filter",
    { kind: "says", text: "I can't.", finishReason: "content_filter" },
    /declined to answer/,
  ],
];

describe("a retryable fault", () => {
  it.each(passing)("is retried until there is an answer: %s", async (_name, fault) => {
    const { server, judge } = await judgeWith({ fault: ({ n }) => (n < 3 ? fault : undefined) });
    expect(await askTask(judge)).toEqual({ task: expect.any(String) });
    expect(server.requests).toHaveLength(3);
  });

  const tooMany = (fault: Fault) => fault.kind === "status" && [429, 529].includes(fault.status);
  const notTooMany = passing.filter(([, fault]) => !tooMany(fault));
  it.each(notTooMany)("is given up after four attempts, with a reason: %s", async (_name, fault, message) => {
    const { server, judge } = await judgeWith({ fault: () => fault });
    const error = await askTask(judge).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(JudgeError);
    expect(String(error)).toMatch(/^JudgeError: The judge openai\/test-model .* \(4 attempts in \d+ s\)\. /);
    expect(String(error)).toMatch(message);
    expect(server.requests).toHaveLength(4);
  });

  const justTooMany = passing.filter(([, fault]) => tooMany(fault));
  it.each(justTooMany)(
    "does not count as an attempt if there were too many calls: %s",
    async (_name, fault) => {
      const { server, judge } = await judgeWith({ fault: ({ n }) => (n < 8 ? fault : undefined) });
      expect(await askTask(judge)).toEqual({ task: expect.any(String) });
      expect(server.requests).toHaveLength(8);
    },
  );

  it.each(justTooMany)(
    "is given up when the model was unavailable for too long: %s",
    async (_name, fault, message) => {
      const { server, judge } = await judgeWith({ fault: () => fault }, { maxOutageMs: 300 });
      const begun = performance.now();
      const error = await askTask(judge).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(JudgeError);
      expect(String(error)).toMatch(/^(?:JudgeError|Error): The judge openai\/test-model .*answered [45]29/);
      expect(performance.now() - begun).toBeLessThan(5_000);
      // The pauses grow.
      expect(server.requests.length).toBeLessThan(10);
      expect(message).toBeDefined();
    },
  );

  it("may be a server that is not listening", async () => {
    const { server, judge } = await judgeWith();
    await server.stop();
    await expect(askTask(judge)).rejects.toThrow(/could not be reached \(ECONNREFUSED\) \(4 attempts/);
  });
});

describe("a fault that is not retryable", () => {
  it.each(lasting)("fails at once: %s", async (_name, fault, message) => {
    const { server, judge } = await judgeWith({ fault: () => fault });
    await expect(askTask(judge)).rejects.toThrow(message);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a call that does not end", () => {
  it.each<[string, Fault]>([
    ["says nothing", { kind: "hang" }],
    ["trickles forever", { kind: "drip", everyMs: 20 }],
  ])("is cut off in time and retried: a provider that %s", async (_name, fault) => {
    const { server, judge } = await judgeWith(
      { fault: ({ n }) => (n === 1 ? fault : undefined) },
      { callTimeoutMs: 200 },
    );
    const begun = performance.now();
    expect(await askTask(judge)).toEqual({ task: expect.any(String) });
    const [, second] = server.requests;
    expect((second?.receivedAt ?? 0) - begun).toBeGreaterThan(170);
    expect((second?.receivedAt ?? 0) - begun).toBeLessThan(5_000);
  });

  it("is bounded by the time of the question, however many attempts are left", async () => {
    const { server, judge } = await judgeWith(
      { fault: () => ({ kind: "hang" }) },
      { callTimeoutMs: 300, questionTimeoutMs: 1_000, maxAttempts: 100 },
    );
    const begun = performance.now();
    await expect(askTask(judge)).rejects.toThrow(
      /did not answer within 0\.3 s \(\d attempts? in \d s\)\..*EVAL_CALL_TIMEOUT_SECONDS/,
    );
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });
});

describe("Retry-After", () => {
  const asks = (headers: Record<string, string>, body?: unknown): Fault => ({
    kind: "status",
    status: 429,
    headers,
    ...(body !== undefined && { body }),
  });

  it.each<[string, () => Fault, number]>([
    ["in seconds", () => asks({ "retry-after": "1" }), 1_000],
    ["in milliseconds", () => asks({ "retry-after-ms": "400", "retry-after": "30" }), 400],
    ["as a date", () => asks({ "retry-after": new Date(Date.now() + 2_000).toUTCString() }), 1_000],
    ["in Google's body", () => asks({}, { error: { message: "", details: [{ retryDelay: "0.4s" }] } }), 400],
  ])("is honoured: %s", async (_form, fault, atLeastMs) => {
    const { server, judge } = await judgeWith({ fault: ({ n }) => (n === 1 ? fault() : undefined) });
    await askTask(judge);
    const [first, second] = server.requests;
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(atLeastMs - 20);
  });

  it("fails the question at once if it asks for more time than there is", async () => {
    const { server, judge } = await judgeWith({ fault: () => asks({ "retry-after": "3600" }) });
    const begun = performance.now();
    await expect(askTask(judge)).rejects.toThrow(/\(1 attempt in \d+ s; it asks to wait 3600 s\)/);
    expect(performance.now() - begun).toBeLessThan(quick.callTimeoutMs);
    expect(server.requests).toHaveLength(1);
  });
});

describe("a message about a failure", () => {
  it("contains no key, query or password, even if the provider repeats them", async () => {
    const key = "a-key-of-an-unknown-form";
    const body = {
      error: {
        message:
          `Incorrect API key provided: ${key} (or sk-proj-****abcd, Bearer abc.def, AIzaSyA1234567890abc). ` +
          "See https://user:pass@example.com/account?token=hidden#keys.",
      },
    };
    const { server, judges } = await judgeWith({ fault: () => ({ kind: "status", status: 401, body }) });
    expect(judges).toBeDefined();
    const withKey = await judgeWith(
      {},
      { openai: { apiKey: key, baseUrl: `${server.baseUrl}?api-key=hidden` } },
    );
    const error = await askTask(withKey.judge).catch((reason: unknown) => reason);
    expect(String(error)).toContain("Incorrect API key provided: [redacted]");
    expect(String(error)).toContain("https://example.com/account");
    expect(String(error)).not.toMatch(/unknown-form|proj|abc|AIza|user|pass|hidden/);
  });
});
