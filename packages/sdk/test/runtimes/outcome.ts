/** How one case ended. */
export interface Outcome {
  readonly name: string;
  /** What went wrong; `null` if nothing did. */
  readonly failure: string | null;
}

/** Runs all cases, one after another. @param attempt runs one case */
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
