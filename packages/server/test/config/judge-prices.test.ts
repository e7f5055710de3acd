import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readConfig } from "../../src/config/config.ts";
import { costUsd, priceOf } from "../../src/judge/prices/prices.ts";

const json = '{"openai/mine": {"input_usd_per_mtok": 1.25, "output_usd_per_mtok": 10}}';
const mine = { inputUsdPerMtok: 1.25, outputUsdPerMtok: 10 };

async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "pandaprobe-prices-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "prices.json");
  await writeFile(file, text);
  return file;
}

const pricesOf = (text: string) => readConfig({ JUDGE_PRICES: text }).judge.prices;

test("prices come from JSON itself, or from a file with it", async () => {
  expect(pricesOf(json)).toEqual({ "openai/mine": mine });
  expect(pricesOf(` ${json}`)).toEqual({ "openai/mine": mine });
  expect(pricesOf(await fileWith(json))).toEqual({ "openai/mine": mine });
  expect(pricesOf('{"openai/embeds": {"input_usd_per_mtok": 0.02}}')).toEqual({
    "openai/embeds": { inputUsdPerMtok: 0.02, outputUsdPerMtok: 0 },
  });
  expect(readConfig({}).judge.prices).toEqual({});
});

test("configured prices override built-in ones; others are unknown", () => {
  const own = { "openai/gpt-5.4": mine };
  expect(priceOf(own, "openai/gpt-5.4")).toEqual(mine);
  expect(priceOf({}, "openai/gpt-5.4")).not.toEqual(mine);
  expect(priceOf(own, "openai/another")).toBeNull();
  expect(priceOf(own, "toString")).toBeNull();
});

test.each([
  [0.1, 0, 3, 0, 3e-7],
  [0.7, 0, 3, 0, 2.1e-6],
  [0.1, 0.7, 3, 3, 2.4e-6],
  [1.1, 0, 1_000_003, 0, 1.1000033],
])(
  "calls cost what decimals say, at %d and %d USD for a million tokens, %d in and %d out: %d USD",
  (inputUsdPerMtok, outputUsdPerMtok, input, output, usd) => {
    expect(costUsd({ inputUsdPerMtok, outputUsdPerMtok }, input, output)).toBe(usd);
  },
);

test.each([
  ["a file that is not there", "/no/such/file", /ENOENT.*\/no\/such\/file/],
  ["no JSON", "{", /JSON/],
  ["a name without a provider", '{"mine": {"input_usd_per_mtok": 1}}', /must be provider\/model/],
  ["a negative price", '{"openai/mine": {"input_usd_per_mtok": -1}}', /input_usd_per_mtok/],
  ["no price", '{"openai/mine": {}}', /input_usd_per_mtok/],
  ["a misspelt price", '{"openai/mine": {"input_usd_per_mtok": 1, "output": 2}}', /"output"/],
])("%s is refused, and the message says why", (_, text, why) => {
  expect(() => pricesOf(text)).toThrow(
    /^JUDGE_PRICES must be JSON with prices, or the path of a file with it/,
  );
  expect(() => pricesOf(text)).toThrow(why);
});
