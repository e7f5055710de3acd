/** What a text holds that is a JSON object or array; anything else as it is. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    // Cut by a limit on the length of attributes, most likely.
    return value;
  }
}
