import { describe, expect, it, test } from "vitest";
import { cleanProviderText, createRedact } from "../../src/judge/redact.ts";

it.each([
  "x",
  "none",
  "ollama",
  "EMPTY",
  "sk-no-key-required",
  "not-needed",
  "lm-studio",
  "dummy",
  "null",
  "test-key",
])("a dummy key is not redacted: %s", (key) => {
  const message = `expected array, next: none of ollama's EMPTY boxes (${key}) hold a dummy`;
  expect(createRedact([key, null, ""])(message)).toBe(message);
});

it.each([
  "sk-1234",
  "a-key-of-an-unknown-form",
  "s3cr3t",
  "correct horse battery",
  "gsk_abcdefgh",
  "0123456789abcdef",
])("a key is redacted anywhere in a message: %s", (key) => {
  expect(createRedact([key])(`Incorrect key ${key}, "${key}".`)).toBe(
    'Incorrect key [redacted], "[redacted]".',
  );
});

it.each([
  ["sk-proj-****abcd is wrong", "[redacted] is wrong"],
  ["Bearer abc.def", "[redacted]"],
  ["Missing Bearer token", "Missing Bearer token"],
  ["Bearer authentication is required.", "Bearer authentication is required."],
  ["pk_constraint of sk-learn-pipelines", "pk_constraint of sk-learn-pipelines"],
  ["AIzaSyA1234567890abc", "[redacted]"],
  ["https://user:pass@host/path?key=secret", "https://host/path"],
])("anything that looks like a key is redacted, but not ordinary words: %s", (message, expected) => {
  expect(createRedact([])(message)).toBe(expected);
});

describe("a provider's words", () => {
  test.each([
    [
      "could not connect to postgres://app:s3cret@db:5432/main today",
      "could not connect to [redacted] today",
    ],
    ["redis+tls://:pw@cache.example.com:6380 is down", "[redacted] is down"],
    ["Server=db;Password=hunter2;Timeout=5", "Server=db;[redacted];Timeout=5"],
    ['{"api_key": "abc"}', '{"api_key": "abc"}'],
    ["api_key=abc123&x=1", "[redacted]&x=1"],
    ["The key AKIAIOSFODNN7EXAMPLE is not valid", "The key [redacted] is not valid"],
    [`Invalid ghp_${"a".repeat(36)}`, "Invalid [redacted]"],
    ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "token [redacted]"],
    ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- end", "[redacted] end"],
    ["upstream gateway.prod.svc.cluster.local:8443 timed out", "upstream [redacted] timed out"],
    ["connect ECONNREFUSED llm-gateway:8443", "connect ECONNREFUSED [redacted]"],
    ["no route to 10.1.2.3:80 or 192.168.0.7", "no route to [redacted] or [redacted]"],
    ["at /home/deploy/app/main.py line 3", "at [redacted] line 3"],
    ['File "C:\\\\srv\\\\app.cs"', 'File "[redacted]"'],
  ])("lose details of the server: %s", (text, cleaned) => {
    expect(cleanProviderText(text)).toBe(cleaned);
  });

  test.each([
    "The model `gpt-5.4` does not exist or you do not have access to it.",
    "Rate limit reached for 10.5 requests; see https://platform.openai.com/account/rate-limits.",
    "Invalid value for messages[0].content: expected a string, not null. Ratio 1/2.",
    "This model's maximum context length is 8192 tokens. However, you requested 10240 tokens.",
  ])("are unchanged if they contain no details: %s", (text) => {
    expect(cleanProviderText(text)).toBe(text);
  });

  test.each(["postgres://", "password=", "eyJ", "a.", "/home/", "-----BEGIN PRIVATE KEY-----", "10.1."])(
    "are cleaned in time that grows with their length: %s",
    (part) => {
      const text = part.repeat(100_000 / part.length);
      const before = process.cpuUsage();
      cleanProviderText(text);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(1000);
    },
  );
});
