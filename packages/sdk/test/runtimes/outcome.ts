/** How it went to try one thing. */
export interface Outcome {
  readonly name: string;
  /** What went wrong; `null` for nothing. */
  readonly failure: string | null;
}

/** Tries everything, one after another, and tells how each went. @param attempt tries one */
export async function attemptAll<Case>(
  cases: Readonly<Record<string, Case>>,
  attempt: (one: Case) => Promise<void>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, one] of Object.entries(cases)) {
    try {
      await attempt(one);
      outcomes.push({ name, failure: null });
    } catch (error) {
      outcomes.push({ name, failure: error instanceof Error ? `${error}\n${error.stack}` : String(error) });
    }
  }
  return outcomes;
}
