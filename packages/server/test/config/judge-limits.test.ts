import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { ConfigError } from "../../src/config/variables.ts";
import { createJudges } from "../../src/judge/judges.ts";

const limits = {
  "openai/gpt-5.4": { concurrency: 32, requests_per_minute: 500, tokens_per_minute: 200_000 },
  openai: { requests_per_minute: 1_000 },
};
const read = {
  "openai/gpt-5.4": { concurrency: 32, requestsPerMinute: 500, tokensPerMinute: 200_000 },
  openai: { concurrency: null, requestsPerMinute: 1_000, tokensPerMinute: null },
};

test("limits are read from the variable, or from the file that it names", async () => {
  expect(readConfig({ JUDGE_LIMITS: JSON.stringify(limits) }).judge.limits).toEqual(read);
  const folder = await mkdtemp(path.join(tmpdir(), "pandaprobe-limits-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, "limits.json");
  await writeFile(file, JSON.stringify(limits));
  expect(readConfig({ JUDGE_LIMITS: file }).judge.limits).toEqual(read);
  expect(readConfig({}).judge.limits).toEqual({});
});

test.each([
  ["no JSON", "{"],
  ["a file that is not there", "/nowhere/limits.json"],
  ["a limit of none", '{"openai": {"concurrency": 0}}'],
  ["a misspelt limit", '{"openai": {"requests_per_second": 1}}'],
  ["no limits", '{"openai": 5}'],
])("%s ends the start with a message", (_what, text) => {
  expect(() => readConfig({ JUDGE_LIMITS: text })).toThrow(ConfigError);
  expect(() => readConfig({ JUDGE_LIMITS: text })).toThrow(/^JUDGE_LIMITS must be JSON with limits/);
});

test("limits of an unknown provider end the start with a message", () => {
  for (const name of ["opnai", "opnai/gpt-5.4"]) {
    const { judge } = readConfig({ JUDGE_LIMITS: JSON.stringify({ [name]: { concurrency: 1 } }) });
    expect(() => createJudges(judge)).toThrow(/^JUDGE_LIMITS: The model "opnai\/.* does not name a provider/);
  }
});
