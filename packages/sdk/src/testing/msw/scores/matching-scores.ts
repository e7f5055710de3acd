/** The filters of both kinds of scores. */
interface Filters {
  readonly date_from?: string | undefined;
  readonly date_to?: string | undefined;
  readonly limit?: number;
  readonly offset?: number;
  readonly prefer?: unknown;
  readonly latest?: unknown;
  readonly value_min?: number | undefined;
  readonly value_max?: number | undefined;
}

/** The scores that match all given filters: dates, and exact values of fields. */
export function matchingScores<
  Score extends { readonly created_at: string; readonly value: string | null; readonly data_type: string },
>(
  scores: readonly Score[],
  {
    date_from: from,
    date_to: to,
    limit: _limit,
    offset: _offset,
    prefer: _prefer,
    latest: _latest,
    value_min: min,
    value_max: max,
    ...exact
  }: Filters & { readonly [Field in keyof Score]?: Score[Field] | undefined },
): Score[] {
  const wanted = Object.entries(exact).filter(([, value]) => value !== undefined);
  return scores.filter((score) => {
    const fields = new Map<string, unknown>(Object.entries(score));
    return (
      isWithin(score, min, max) &&
      (from === undefined || score.created_at >= from) &&
      (to === undefined || score.created_at < to) &&
      wanted.every(([name, value]) => fields.get(name) === value)
    );
  });
}

/** Whether a score is within both bounds. If there is a bound, only NUMERIC scores can be. */
function isWithin(
  { value, data_type }: { readonly value: string | null; readonly data_type: string },
  min: number | undefined,
  max: number | undefined,
): boolean {
  if (min === undefined && max === undefined) return true;
  const number = data_type === "NUMERIC" && value !== null ? Number(value) : Number.NaN;
  return number >= (min ?? Number.NEGATIVE_INFINITY) && number < (max ?? Number.POSITIVE_INFINITY);
}
