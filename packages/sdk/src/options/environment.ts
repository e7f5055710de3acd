/** The environment variable, trimmed; `undefined` if it is unset or blank, or if there is no environment. */
export function environmentVariable(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  try {
    return process?.env?.[name]?.trim() || undefined;
  } catch {
    // Deno throws if the program may not read the environment, which counts as unset.
    return undefined;
  }
}
