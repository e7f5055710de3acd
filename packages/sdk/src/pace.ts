const ceilingMs = 10_000;

/**
 * How long to pause between looks at something that changes: longer and longer, and never less than the floor.
 *
 * @returns tells the next pause; `isFresh` says that there was news, and so more of it may come soon.
 */
export function pace(floorMs: number): (isFresh: boolean) => number {
  let pauseMs = floorMs;
  return (isFresh) => {
    if (isFresh) pauseMs = floorMs;
    const jitteredMs = floorMs + Math.random() * (pauseMs - floorMs);
    pauseMs = Math.max(floorMs, Math.min(pauseMs * 1.5, ceilingMs));
    return jitteredMs;
  };
}
