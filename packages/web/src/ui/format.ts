const empty = "–";

/** A short form of a count: 12.4 k, 3.1 M. */
export function formatCount(count: number | null | undefined): string {
  if (count == null) return empty;
  if (count < 10_000) return count.toLocaleString("en");
  const [divisor, unit] = count < 1_000_000 ? [1000, "k"] : [1_000_000, "M"];
  return `${(count / divisor).toFixed(count / divisor < 100 ? 1 : 0)} ${unit}`;
}

/** A count with what it counts, such as "1 trace" or "12.4 k traces". */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Dollars with the significant digits. */
export function formatMoney(usd: number | null | undefined): string {
  if (usd == null) return empty;
  if (usd === 0) return "$0";
  if (usd >= 100) return `$${usd.toFixed(0)}`;
  if (usd >= 0.1) return `$${usd.toFixed(2)}`;
  return `$${Number(usd.toPrecision(2))}`;
}

export interface CostTotals {
  readonly total_cost: number;
  /** How many spans' costs are unknown. */
  readonly unpriced_spans: number;
}

/** A cost that may lack unknown parts: "≥ $0.0031". */
export function formatCost({ total_cost, unpriced_spans }: CostTotals): string {
  if (unpriced_spans === 0) return formatMoney(total_cost);
  return total_cost === 0 ? empty : `≥ ${formatMoney(total_cost)}`;
}

/** Milliseconds as 45 ms, 1.2 s, 3 min 10 s or 2 h 5 min. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null) return empty;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return withRest(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return withRest(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(minutes / 60);
  return withRest(Math.floor(hours / 24), "d", hours % 24, "h");
}

function withRest(whole: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
}

/** A time as 12 s ago or in 3 h; a date if it is more than a week away. */
export function formatAgo(iso: string, now = Date.now()): string {
  const distance = now - Date.parse(iso);
  const size = Math.abs(distance);
  if (size < 5000) return "now";
  if (size > 604_800_000)
    return new Date(iso).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  const [amount, unit] =
    size < 60_000
      ? [size / 1000, "s"]
      : size < 3_600_000
        ? [size / 60_000, "min"]
        : size < 86_400_000
          ? [size / 3_600_000, "h"]
          : [size / 86_400_000, "d"];
  return distance > 0 ? `${Math.floor(amount)} ${unit} ago` : `in ${Math.ceil(amount)} ${unit}`;
}

/** The exact time in the user's time zone, for a tooltip. */
export function formatTime(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(0)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function formatPercent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** A score with two decimals, cut and not rounded: a score below a threshold must not look as if it reached it. */
export function formatScore(score: number): string {
  return (Math.floor(score * 100 + 1e-4) / 100).toFixed(2);
}

/** A difference with its sign, to three decimals. */
export function formatSigned(value: number): string {
  const size = Math.abs(value).toFixed(3);
  if (Number(size) === 0) return size;
  return `${value < 0 ? "−" : "+"}${size}`;
}

/** `tool_correctness` as Tool correctness. */
export function metricLabel(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The 95 % interval of a rate (Wilson, 1927), which stays within 0 and 1 and is right for few trials. */
export function rateInterval(successes: number, trials: number): readonly [number, number] {
  if (trials === 0) return [0, 1];
  const z = 1.959964;
  const rate = successes / trials;
  const scale = 1 + z ** 2 / trials;
  const middle = (rate + z ** 2 / (2 * trials)) / scale;
  const half = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + z ** 2 / (4 * trials ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
