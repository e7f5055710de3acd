/** A score's row as it is answered: without the number, which is there for the database. */
export function scoreResponse<Score extends { numeric_value: number | null }>(
  row: Score,
): Omit<Score, "numeric_value"> {
  const { numeric_value: _, ...score } = row;
  return score;
}
