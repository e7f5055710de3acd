import { UsageError } from "./usage-error.ts";

const unitsMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * Reads `90s`, `30m`, `24h`, `7d` or `2w`.
 *
 * @returns milliseconds
 * @throws UsageError for anything else; a number without a unit would be a guess.
 */
export function durationMs(option: string, text: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(amount) * (unitsMs[unit] ?? 0);
  if (!(milliseconds > 0)) {
    throw new UsageError(
      `--${option} must be a time above 0 with its unit, such as 90s, 30m, 24h, 7d or 2w, not "${text}".`,
    );
  }
  return milliseconds;
}
