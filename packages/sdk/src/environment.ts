/** What the environment variable holds, trimmed; `undefined` where it is unset or blank, or there is no environment. */
export function environmentVariable(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  try {
    return process?.env?.[name]?.trim() || undefined;
  } catch {
    // Deno refuses to read the environment of a program that was not allowed to: the same as unset.
    return undefined;
  }
}
