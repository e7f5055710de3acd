const ceilingMs = 10_000;

/**
 * Pauses between polls that grow from a floor to ten seconds, with jitter.
 *
 * @returns a function that returns the next pause; with `isFresh`, because something changed, it starts again at the
 * floor.
 */
export function pollBackoff(floorMs: number): (isFresh: boolean) => number {
  let pauseMs = floorMs;
  return (isFresh) => {
    if (isFresh) pauseMs = floorMs;
    const jitteredMs = floorMs + Math.random() * (pauseMs - floorMs);
    pauseMs = Math.max(floorMs, Math.min(pauseMs * 1.5, ceilingMs));
    return jitteredMs;
  };
}
