/** The command line cannot be used as it is; the message says which part, and what to write. */
export class UsageError extends Error {
  override name = "UsageError";
}
