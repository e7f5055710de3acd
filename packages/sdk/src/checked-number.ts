type NumberOptions<Name extends string> = { readonly [N in Name]?: number | undefined };

/** The longest that a timer of the platform can wait. */
export const longestTimeoutMs = 2 ** 31 - 1;

/**
 * An option that is a time, or what it is where it is left out.
 *
 * @throws TypeError for anything but a positive number of milliseconds that a timer can wait (24 days).
 */
export function checkedTimeout<Name extends string>(
  options: NumberOptions<Name>,
  name: Name,
  byDefault: number,
): number {
  const value = options[name] ?? byDefault;
  if (typeof value !== "number" || !(value > 0 && value <= longestTimeoutMs))
    throw new TypeError(`${name} must be milliseconds, above 0 and at most ${longestTimeoutMs}.`);
  return value;
}

/**
 * An option that is a count, or what it is where it is left out.
 *
 * @throws TypeError for anything but 0, 1, 2, …
 */
export function checkedCount<Name extends string>(
  options: NumberOptions<Name>,
  name: Name,
  byDefault: number,
): number {
  const value = options[name] ?? byDefault;
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TypeError(`${name} must be a whole number, 0 or more.`);
  return value;
}
