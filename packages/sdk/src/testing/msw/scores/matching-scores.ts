/** The filters of both kinds of scores. */
interface Filters {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly limit?: number;
  readonly offset?: number;
  readonly prefer?: unknown;
}

/** The scores that match all given filters: dates, and exact values of fields. */
export function matchingScores<Score extends { readonly created_at: string }>(
  scores: readonly Score[],
  {
    date_from: from,
    date_to: to,
    limit: _limit,
    offset: _offset,
    prefer: _prefer,
    ...exact
  }: Filters & { readonly [Field in keyof Score]?: Score[Field] | undefined },
): Score[] {
  const wanted = Object.entries(exact).filter(([, value]) => value !== undefined);
  return scores.filter((score) => {
    const fields = new Map<string, unknown>(Object.entries(score));
    return (
      (from === undefined || score.created_at >= from) &&
      (to === undefined || score.created_at < to) &&
      wanted.every(([name, value]) => fields.get(name) === value)
    );
  });
}
