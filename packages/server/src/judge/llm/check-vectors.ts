import { WrongShapeError } from "../providers/call-errors.ts";

/**
 * The vectors of so many texts, in 32-bit floats: whoever reads them from the ledger compares the very same numbers.
 *
 * @param dimension of the vectors that there are already, if there are any.
 * @throws WrongShapeError where they cannot be the vectors of these texts.
 */
export function checkVectors(
  vectors: readonly (readonly number[])[],
  count: number,
  dimension = vectors[0]?.length ?? 0,
): number[][] {
  if (vectors.length !== count || dimension === 0) {
    throw new WrongShapeError(`answered with ${vectors.length} embeddings of ${count} texts`);
  }
  return vectors.map((vector) => {
    if (vector.length !== dimension)
      throw new WrongShapeError("answered with embeddings of different dimensions");
    const rounded = vector.map(Math.fround);
    if (!rounded.every(Number.isFinite))
      throw new WrongShapeError("answered with an embedding of more than numbers");
    // It is as close to any text as to any other.
    if (rounded.every((value) => value === 0))
      throw new WrongShapeError("answered with an embedding of zeros alone");
    return rounded;
  });
}
