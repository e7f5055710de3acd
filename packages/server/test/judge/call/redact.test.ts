import { expect, it } from "vitest";
import { createRedact } from "../../../src/judge/call/redact.ts";

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
])("a key that is none takes nothing out of a message: %s", (key) => {
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
])("a key goes, wherever it stands: %s", (key) => {
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
])("what looks like a key goes, and ordinary words stay: %s", (message, expected) => {
  expect(createRedact([])(message)).toBe(expected);
});
