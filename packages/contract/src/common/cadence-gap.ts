const hour = 3600;
const periods: Readonly<Record<string, number>> = {
  every_6h: 6 * hour,
  daily: 24 * hour,
  weekly: 168 * hour,
};

/**
 * The shortest time between two ticks of a cadence that is understood, in seconds: of a cron pattern, between two local
 * times that it names on a day, or on two days that follow each other.
 */
export function cadenceGapSeconds(cadence: string): number {
  const period = periods[cadence];
  if (period !== undefined) return period;
  const [minuteField = "", hourField = ""] = cadence.slice("cron:".length).trim().split(/ +/);
  const minutes = named(minuteField, 59);
  const withinHour = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? 0));
  const hours = named(hourField, 23);
  const betweenHours = hours.map((value, index) => (hours[index + 1] ?? (hours[0] ?? 0) + 24) - value);
  const overHours = 60 * Math.min(...betweenHours) + (minutes[0] ?? 0) - (minutes.at(-1) ?? 0);
  return 60 * Math.min(...withinHour, overHours);
}

/** The numbers that a field of digits, `*`, ranges, steps and lists names, in order. */
function named(field: string, max: number): number[] {
  const numbers = new Set<number>();
  for (const item of field.split(",")) {
    const [range = "", step] = item.split("/");
    const [first = "", last] = range === "*" ? ["0", String(max)] : range.split("-");
    const end = last ?? (step === undefined ? first : String(max));
    for (let value = Number(first); value <= Number(end); value += Number(step ?? 1)) numbers.add(value);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** Why a cadence is refused whose ticks are too close together; `null` where they are not. */
export function cadenceGapProblem(cadence: string, shortestSeconds: number): string | null {
  const gap = cadenceGapSeconds(cadence);
  if (gap >= shortestSeconds) return null;
  return `must leave at least ${shortestSeconds} s between two ticks on this server; ${JSON.stringify(cadence)} leaves ${gap} s`;
}
