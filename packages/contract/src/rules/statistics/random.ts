/** Draws a whole number from 0 to below `bound`, each equally likely. `bound` is at most 2³². */
export type RandomIndex = (bound: number) => number;

/**
 * Random numbers that are the same for the same seed, on every machine, so that an interval can be computed again. This is
 * sfc32 (Chris Doty-Humphrey's PractRand), seeded as its author recommends.
 */
export function seededRandom(seed: number): RandomIndex {
  let a = 0;
  let b = seed | 0;
  let c = 0;
  let counter = 1;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let warmUp = 0; warmUp < 12; warmUp++) next();
  // Scaling 32 bits favours some numbers by at most bound ÷ 2³², far below the error of any resampling here.
  return (bound) => Math.floor((next() / 4_294_967_296) * bound);
}
