const longestSeconds = 60;

/** How many seconds the caller would wait for news (`Prefer: wait=N`). */
export function preferredWait(prefer: string | null): number | undefined {
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:[,;]|$)/i.exec(prefer ?? "")?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestSeconds);
}
