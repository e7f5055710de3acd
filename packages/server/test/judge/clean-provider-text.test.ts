import { describe, expect, test } from "vitest";
import { cleanProviderText } from "../../src/judge/clean-provider-text.ts";

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
  ])("lose what tells about the server: %s", (text, cleaned) => {
    expect(cleanProviderText(text)).toBe(cleaned);
  });

  test.each([
    "The model `gpt-5.4` does not exist or you do not have access to it.",
    "Rate limit reached for 10.5 requests; see https://platform.openai.com/account/rate-limits.",
    "Invalid value for messages[0].content: expected a string, not null. Ratio 1/2.",
    "This model's maximum context length is 8192 tokens. However, you requested 10240 tokens.",
  ])("stay as they are where they tell nothing: %s", (text) => {
    expect(cleanProviderText(text)).toBe(text);
  });

  test.each(["postgres://", "password=", "eyJ", "a.", "/home/", "-----BEGIN PRIVATE KEY-----", "10.1."])(
    "are cleaned in time that grows with their length: %s",
    (part) => {
      const text = part.repeat(100_000 / part.length);
      const before = performance.now();
      cleanProviderText(text);
      expect(performance.now() - before).toBeLessThan(1000);
    },
  );
});
