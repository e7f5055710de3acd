import { z } from "zod";
import type { LimitList } from "./judge-settings.ts";
import { readJson } from "./read-json.ts";

const count = (max: number) => z.int().min(1).max(max).nullish().default(null);
const limits = z
  .strictObject({
    concurrency: count(100_000),
    requests_per_minute: count(100_000_000),
    tokens_per_minute: count(1_000_000_000_000),
  })
  .transform(({ concurrency, requests_per_minute, tokens_per_minute }) => ({
    concurrency,
    requestsPerMinute: requests_per_minute,
    tokensPerMinute: tokens_per_minute,
  }));
const schema = z.record(
  z.string().regex(/^[^/\s]+(?:\/.+)?$/, "is no provider and no provider/model"),
  limits,
);

/**
 * Reads `JUDGE_LIMITS`: JSON itself, or the path of a file with it.
 *
 * @throws Error that says what is wrong with it.
 */
export function readJudgeLimits(text: string): LimitList {
  return schema.parse(readJson(text));
}
