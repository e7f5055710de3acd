interface Runtime {
  readonly process?: { readonly on?: Listen; readonly off?: Listen };
  readonly document?: EventTarget & { readonly visibilityState: string };
}
type Listen = (event: string, listener: () => void) => unknown;

/** Listens for the end of the program or page. */
export interface ExitListener {
  /** The program has nothing more to do (Node.js, Deno, Bun). */
  ends(): void;
  /** The program is ending and cannot wait: after `process.exit()` or an uncaught error. */
  isOver(): void;
  /** The page is hidden or left; later events may not come. */
  hides(): void;
}

const listeners = new Set<ExitListener>();
let stopListening = () => {};

/**
 * Listens for the end. All senders share one set of listeners, because Node.js warns of a leak if there are more than
 * ten.
 *
 * @returns a function that stops listening.
 */
export function onExit(exitListener: ExitListener): () => void {
  if (listeners.size === 0) stopListening = listen();
  listeners.add(exitListener);
  return () => {
    if (listeners.delete(exitListener) && listeners.size === 0) stopListening();
  };
}

function listen(): () => void {
  const runtime = globalThis as Runtime;
  const process = ifThere(() => runtime.process);
  const document = ifThere(() => runtime.document);
  const notify = (what: keyof ExitListener) => () => {
    for (const exitListener of [...listeners]) exitListener[what]();
  };
  const ends = { beforeExit: notify("ends"), exit: notify("isOver") };
  const hides = notify("hides");
  const hidden = (event: Event) => {
    if (event.type === "pagehide" || document?.visibilityState === "hidden") hides();
  };
  const page = document && { pagehide: globalThis as unknown as EventTarget, visibilitychange: document };
  const each = (method: "on" | "off", targetMethod: "addEventListener" | "removeEventListener") => {
    for (const [name, listener] of Object.entries(ends)) ifThere(() => process?.[method]?.(name, listener));
    for (const [name, target] of Object.entries(page ?? {}))
      ifThere(() => target[targetMethod](name, hidden));
  };
  each("on", "addEventListener");
  return () => each("off", "removeEventListener");
}

/** Some runtimes, such as Next.js's edge, have stubs that throw; they count as absent. */
function ifThere<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
