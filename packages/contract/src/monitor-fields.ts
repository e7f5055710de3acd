import { canonicalDateTime } from "./common/dates.ts";
import { limitedObject } from "./common/json.ts";
import { boolean, canonicalBoolean, canonicalNumber, lenient } from "./common/lenient.ts";
import { limits } from "./common/limits.ts";
import { text } from "./common/text.ts";
import { maxCostUsd, metricNames } from "./eval-runs.ts";
import { judgingOptions } from "./judging.ts";
import { SignalWeights } from "./signal-weights.ts";

/** What requests say about a monitor. */
export const fields = {
  name: text(0, limits.label).describe("A label for people. Its runs are called `[Monitor] <name>`."),
  metrics: metricNames.describe("Names of metrics of the target type. Repeated names count once."),
  filters: lenient(canonicalFilters, limitedObject).describe(
    "The filters of its runs: `EvalRunFilters` for TRACE, `SessionEvalRunFilters` for SESSION.",
  ),
  ...judgingOptions,
  model: judgingOptions.model.describe(
    "The judge as `provider/model`. `null`: the server's default when each run is created. Not together with `judges`.",
  ),
  max_cost_usd: maxCostUsd.describe("The most each of its runs may cost, in USD. Default: no limit."),
  cadence: lenient(canonicalCadence, text(0, limits.label)).describe(
    "`every_6h`, `daily` or `weekly`, counted from the monitor's creation; or `cron:` and five fields: minute, hour, day of month, month, weekday (`cron:30 6 * * MON-FRI`).",
  ),
  timezone: text(0, limits.label)
    .refine(isTimeZone, { error: "must be the name of an IANA time zone, such as Europe/Berlin or UTC" })
    .describe(
      "The IANA time zone of a `cron:` cadence. When clocks go forward, a skipped local time fires right after the gap. When they go back, a repeated local time fires once, the first time.",
    ),
  only_if_changed: boolean.describe(
    "Skip a tick if, since the last run, no matching trace was stored or changed in what a judge reads.",
  ),
  signal_weights: SignalWeights.nullish().describe(
    "The weight of each signal. Only with target type SESSION. Stored in `filters.signal_weights`.",
  ),
};

/** The filters of traces and sessions that may be sent in more than one form. */
const canonicalFilter = new Map<string, (value: unknown) => unknown>([
  ["date_from", canonicalDateTime],
  ["date_to", canonicalDateTime],
  ["has_error", canonicalBoolean],
  ["min_trace_count", canonicalNumber],
]);

/** Its target type decides how they are validated, and they are stored as given otherwise. */
function canonicalFilters(filters: unknown): unknown {
  if (typeof filters !== "object" || filters === null || Array.isArray(filters)) return filters;
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [name, canonicalFilter.get(name)?.(value) ?? value]),
  );
}

/** What cron's nicknames stand for. */
const cronNicknames = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

/** A nickname, with or without `cron:`, as its five fields. */
function canonicalCadence(cadence: unknown): unknown {
  if (typeof cadence !== "string" || cadence.length > limits.label) return cadence;
  const pattern = cronNicknames.get(
    cadence
      .replace(/^cron:/, "")
      .trim()
      .toLowerCase(),
  );
  return pattern === undefined ? cadence : `cron:${pattern}`;
}

/** Whether this is an IANA time zone, in any case, and not an offset such as `+01:00`. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
