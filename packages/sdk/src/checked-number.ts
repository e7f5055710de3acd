/** The longest that a timer of the platform can wait. */
export const longestTimeoutMs = 2 ** 31 - 1;

/** @throws TypeError for anything but a positive number of milliseconds that a timer can wait (24 days). */
export function checkedTimeout(name: string, value: number): number {
  if (typeof value !== "number" || !(value > 0) || value > longestTimeoutMs) {
    throw new TypeError(
      `${name} must be a number of milliseconds, more than 0 and at most ${longestTimeoutMs}.`,
    );
  }
  return value;
}

/** @throws TypeError for anything but 0, 1, 2, … */
export function checkedCount(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`${name} must be a whole number, 0 or more.`);
  }
  return value;
}
