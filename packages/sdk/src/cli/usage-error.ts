/** The command line is invalid; the message says what is wrong and what to write. */
export class UsageError extends Error {
  override name = "UsageError";
}
