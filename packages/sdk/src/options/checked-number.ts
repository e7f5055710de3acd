type NumberOptions<Name extends string> = { readonly [N in Name]?: number | undefined };

/** The longest that a timer of the platform can wait: 24 days. */
export const longestTimeoutMs = 2 ** 31 - 1;

/**
 * Reads an option that is a time in milliseconds.
 *
 * @throws TypeError unless it is above 0 and at most `longestTimeoutMs`.
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
 * Reads an option that is a count.
 *
 * @throws TypeError unless it is 0, 1, 2, …
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
