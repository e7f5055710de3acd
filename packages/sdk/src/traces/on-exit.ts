interface Runtime {
  readonly process?: { on?: Listen; off?: Listen };
  readonly document?: EventTarget & { readonly visibilityState: string };
}
type Listen = (event: string, listener: () => void) => unknown;

/**
 * Calls back when the program has nothing more to do (Node.js, Deno, Bun), or the page is hidden or left, which is the
 * last that it is told of.
 *
 * @returns stops that.
 */
export function onExit(ends: () => void, hides: () => void): () => void {
  const { process, document } = globalThis as Runtime;
  const page = document && { pagehide: globalThis as unknown as EventTarget, visibilitychange: document };
  const hidden = (event: Event) => {
    if (event.type === "pagehide" || document?.visibilityState === "hidden") hides();
  };
  process?.on?.("beforeExit", ends);
  for (const [name, target] of Object.entries(page ?? {})) target.addEventListener(name, hidden);
  return () => {
    process?.off?.("beforeExit", ends);
    for (const [name, target] of Object.entries(page ?? {})) target.removeEventListener(name, hidden);
  };
}
