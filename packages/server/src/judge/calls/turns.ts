/**
 * The places in line of what is being judged, by age: whatever was begun first goes first, so that the later questions
 * about a trace are not kept waiting by the first ones about newer traces, and targets end one after the other instead
 * of all at the very end.
 */
export interface Turns {
  /** The same for every question about the same thing; a new, last one for nothing in particular. */
  of(thing?: object): number;
}

export function createTurns(): Turns {
  const known = new WeakMap<object, number>();
  let last = 0;
  return {
    of(thing) {
      const turn = (thing && known.get(thing)) ?? ++last;
      if (thing !== undefined) known.set(thing, turn);
      return turn;
    },
  };
}
