const hour = 3600;

/** The cadences that are not cron patterns, in seconds. */
export const periodSeconds: ReadonlyMap<string, number> = new Map([
  ["every_6h", 6 * hour],
  ["daily", 24 * hour],
  ["weekly", 168 * hour],
]);

/**
 * The shortest time between two ticks of a valid cadence, in seconds. For a cron pattern: between two of its local times
 * on one day or on consecutive days.
 */
export function cadenceGapSeconds(cadence: string): number {
  const period = periodSeconds.get(cadence);
  if (period !== undefined) return period;
  const [minuteField = "", hourField = ""] = cadence.slice("cron:".length).trim().split(/ +/);
  const minutes = valuesOf(minuteField, 59);
  const withinHour = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0));
  const hours = valuesOf(hourField, 23);
  const betweenHours = hours.map((value, index) => (hours[index + 1] ?? (hours[0] ?? 0) + 24) - value);
  const overHours = 60 * Math.min(...betweenHours) + (minutes[0] ?? 0) - (minutes.at(-1) ?? 0);
  return 60 * Math.min(...withinHour, overHours);
}

/** The values of a cron field of digits, `*`, ranges, steps and lists, in ascending order. */
function valuesOf(field: string, max: number): number[] {
  const values = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step] = item.split("/");
    const [first = "", last] = range === "*" ? ["0", String(max)] : range.split("-");
    const end = last ?? (step === undefined ? first : String(max));
    for (let value = Number(first); value <= Number(end); value += Number(step ?? 1)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}
