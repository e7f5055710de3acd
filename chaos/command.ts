/** Wrong arguments. The message says what is wrong. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Runs a command with a signal that Ctrl-C and the like abort, and sets the exit code.
 *
 * @param command resolves with whether it succeeded. Wrong arguments are reported without a stack.
 */
export async function runCommand(command: (signal: AbortSignal) => Promise<boolean>): Promise<void> {
  const interruption = new AbortController();
  for (const [name, number] of Object.entries(signals)) {
    process.on(name, () => {
      if (interruption.signal.aborted) return;
      console.error("\nEnding all processes and removing their data.");
      interruption.abort();
      process.exitCode = 128 + number;
    });
  }
  try {
    const succeeded = await command(interruption.signal);
    if (!succeeded && !interruption.signal.aborted) process.exitCode = 1;
  } catch (error) {
    if (!isUsageError(error)) throw error;
    console.error(`${error.message}\nUse --help to see the usage.`);
    process.exitCode = 1;
  }
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}
