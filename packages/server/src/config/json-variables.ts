import { readFileSync } from "node:fs";
import type { Price } from "@pandaprobe/contract/rules";
import { z } from "zod";
import { maskingRules } from "../masking/masking-rules.ts";
import type { ModelLimits } from "./judge-settings.ts";
import type { ProjectQuotas } from "./project-limits.ts";
import { text } from "./variable.ts";

const limit = (max: number) => z.int().min(1).max(max).nullish().default(null);

/** `JUDGE_LIMITS`. */
export const judgeLimits = json(
  "limits",
  recordOf(
    /^[^/\s]+(?:\/.+)?$/,
    "must be a provider or provider/model",
    z
      .strictObject({
        concurrency: limit(100_000),
        requests_per_minute: limit(100_000_000),
        tokens_per_minute: limit(1_000_000_000_000),
      })
      .transform(
        ({ concurrency, requests_per_minute, tokens_per_minute }): ModelLimits => ({
          concurrency,
          requestsPerMinute: requests_per_minute,
          tokensPerMinute: tokens_per_minute,
        }),
      ),
  ),
);

const usd = z.number().min(0).max(1_000_000);

const price = z
  .strictObject({
    input_usd_per_mtok: usd,
    output_usd_per_mtok: usd.default(0),
    cached_input_usd_per_mtok: usd.optional(),
    cache_write_usd_per_mtok: usd.optional(),
  })
  .transform(
    (sent): Price => ({
      inputUsdPerMtok: sent.input_usd_per_mtok,
      outputUsdPerMtok: sent.output_usd_per_mtok,
      cachedInputUsdPerMtok: sent.cached_input_usd_per_mtok,
      cacheWriteUsdPerMtok: sent.cache_write_usd_per_mtok,
    }),
  );

/** `JUDGE_PRICES`. */
export const judgePrices = json("prices", recordOf(/^[^/]+\/.+$/, "must be provider/model", price));

/** `MASKING_RULES`. */
export const masking = json("rules", maskingRules);

/** `SPAN_PRICES`. */
export const spanPrices = json("prices", recordOf(/\S/, "must be the name of a model", price));

const quota = z.int().min(0).optional();

/** `PROJECT_QUOTAS`. */
export const projectQuotas = json(
  "quotas",
  recordOf(
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
    "must be a project's id",
    z
      .strictObject({
        traces: quota,
        bytes: quota,
        runs_per_day: quota,
        monitors: quota,
        usd_per_day: usd.optional(),
      })
      .transform(
        ({ traces, bytes, runs_per_day, monitors, usd_per_day }): Partial<ProjectQuotas> => ({
          ...(traces === undefined ? {} : { traces }),
          ...(bytes === undefined ? {} : { bytes }),
          ...(runs_per_day === undefined ? {} : { runsPerDay: runs_per_day }),
          ...(monitors === undefined ? {} : { monitors }),
          ...(usd_per_day === undefined ? {} : { usdPerDay: usd_per_day }),
        }),
      ),
  ),
);

/** A record whose keys match `key`. Zod's own message for a wrong key does not say what is wrong with it. */
function recordOf<Value extends z.ZodType>(key: RegExp, message: string, value: Value) {
  return z.record(z.string(), value).superRefine((record, context) => {
    for (const name of Object.keys(record)) {
      if (!key.test(name)) context.addIssue({ code: "custom", path: [name], message });
    }
  });
}

/** A variable that holds JSON, or the path of a file that does. */
function json<Schema extends z.ZodType>(what: string, schema: Schema) {
  return text.transform((value, context): z.output<Schema> => {
    try {
      return schema.parse(JSON.parse(/^[[{]/.test(value) ? value : readFileSync(value, "utf8")));
    } catch (error) {
      const problem = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      context.addIssue(`must be JSON with ${what}, or the path of a file with it (${problem})`);
      return z.NEVER;
    }
  });
}
