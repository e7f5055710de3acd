/** The longest that a timer of the platform can wait. */
export const longestTimeoutMs = 2 ** 31 - 1;

/** @throws TypeError for anything but a positive number of milliseconds that a timer can wait (24 days). */
export function checkedTimeout(name: string, value: number): number {
  const isFine = typeof value === "number" && value > 0 && value <= longestTimeoutMs;
  return checked(isFine, name, value, `number of milliseconds, more than 0 and at most ${longestTimeoutMs}`);
}

/** @throws TypeError for anything but 0, 1, 2, … */
export function checkedCount(name: string, value: number): number {
  return checked(Number.isSafeInteger(value) && value >= 0, name, value, "whole number, 0 or more");
}

function checked(isFine: boolean, name: string, value: number, what: string): number {
  if (!isFine) throw new TypeError(`${name} must be a ${what}.`);
  return value;
}
