/** Waits until all have ended, and only then rejects if one did. */
export async function allEnded(work: Iterable<Promise<unknown>>): Promise<void> {
  for (const result of await Promise.allSettled(work)) {
    if (result.status === "rejected") throw result.reason;
  }
}
