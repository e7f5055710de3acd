/** What an earlier try met, as a sentence at the end of a message; nothing where it met nothing. */
export function toldFailure(failure: unknown): string {
  return failure instanceof Error ? ` The last failure: ${failure.message}` : "";
}
