/** What an earlier try met, as a sentence at the end of a message; nothing where it met nothing. */
export function toldFailure(failure: unknown): string {
  return failure ? ` The last failure: ${(failure as Error).message}` : "";
}
