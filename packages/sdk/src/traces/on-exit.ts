interface Runtime {
  readonly process?: { on?: Listen; off?: Listen };
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
  const { process, document } = globalThis as Runtime;
  const page = document && { pagehide: globalThis as unknown as EventTarget, visibilitychange: document };
  const tell = (what: keyof Leaver) => () => {
    for (const leaver of [...leavers]) leaver[what]();
  };
  const ends = { beforeExit: tell("ends"), exit: tell("isOver") };
  const hides = tell("hides");
  const hidden = (event: Event) => {
    if (event.type === "pagehide" || document?.visibilityState === "hidden") hides();
  };
  for (const [name, listener] of Object.entries(ends)) process?.on?.(name, listener);
  for (const [name, target] of Object.entries(page ?? {})) target.addEventListener(name, hidden);
  return () => {
    for (const [name, listener] of Object.entries(ends)) process?.off?.(name, listener);
    for (const [name, target] of Object.entries(page ?? {})) target.removeEventListener(name, hidden);
  };
}
