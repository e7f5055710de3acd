import type { Call } from "./caller.ts";

/** For what calls nobody: it waits for no place, and is not tried again. */
export const atOnce: Call = (work, { signal }) =>
  work(
    { signal, begun: () => undefined, answered: () => undefined, failed: () => undefined },
    {
      number: 1,
      timeoutMs: Number.POSITIVE_INFINITY,
      previous: undefined,
      goesLast: false,
      begun: () => undefined,
    },
  );
