/* Assertions for runtimes without a test runner. */

export function ok(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Expected ${what}`);
}

export function equal(is: unknown, expected: unknown): void {
  if (is === expected) return;
  const [found, wanted] = [JSON.stringify(is), JSON.stringify(expected)];
  if (found === undefined || found !== wanted) throw new Error(`Expected ${wanted}, got ${found}`);
}

/** What a promise rejects with. */
export async function rejected(promise: PromiseLike<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Expected an error, got ${JSON.stringify(value)}`);
}

export async function rejects(call: () => Promise<unknown>, kind: new () => Error): Promise<void> {
  const error = await rejected(call());
  ok(error instanceof kind, `a ${kind.name}, not ${error}`);
}
