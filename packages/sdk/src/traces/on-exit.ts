interface Runtime {
  readonly process?: { readonly on?: Listen; readonly off?: Listen };
  readonly document?: EventTarget & { readonly visibilityState: string };
}
type Listen = (event: string, listener: () => void) => unknown;

/** Who wants to know of the end. */
export interface Leaver {
  /** The program has nothing more to do (Node.js, Deno, Bun). */
  ends(): void;
  /** It is over, and nothing can be waited for: after `process.exit()`, or an error that nobody caught. */
  isOver(): void;
  /** The page is hidden or left, which is the last that it is told of. */
  hides(): void;
}

const leavers = new Set<Leaver>();
let stopListening = () => {};

/**
 * Tells of the end. All share their listeners: Node.js warns of a leak where there are more than ten.
 *
 * @returns stops that.
 */
export function onExit(leaver: Leaver): () => void {
  if (leavers.size === 0) stopListening = listen();
  leavers.add(leaver);
  return () => {
    if (leavers.delete(leaver) && leavers.size === 0) stopListening();
  };
}

function listen(): () => void {
  const runtime = globalThis as Runtime;
  const process = ifThere(() => runtime.process);
  const document = ifThere(() => runtime.document);
  const tell = (what: keyof Leaver) => () => {
    for (const leaver of [...leavers]) leaver[what]();
  };
  const ends = { beforeExit: tell("ends"), exit: tell("isOver") };
  const hides = tell("hides");
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

/** Some runtimes have stubs that throw, such as Next.js's edge: they count as absent. */
function ifThere<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
