/**
 * Random numbers that are the same for the same seed on every machine, so that an interval can be reproduced. This is
 * sfc32 (Chris Doty-Humphrey's PractRand), seeded as its author recommends.
 */
export class SeededRandom {
  #a = 0;
  #b: number;
  #c = 0;
  #counter = 1;
  readonly #one = new Uint32Array(1);

  constructor(seed: number) {
    this.#b = seed | 0;
    this.fill(new Uint32Array(12), 1);
  }

  /** Draws a whole number from 0 to below `bound`, each equally likely. `bound` is at most 2³². */
  index(bound: number): number {
    this.fill(this.#one, bound);
    return this.#one[0] ?? 0;
  }

  /** Fills an array with numbers, which takes a third of the time of drawing them one by one. */
  fill(indexes: Uint32Array, bound: number): void {
    let [a, b, c, counter] = [this.#a, this.#b, this.#c, this.#counter];
    for (let i = 0; i < indexes.length; i++) {
      const sum = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + sum) | 0;
      // Scaling 32 bits favours some numbers by at most bound ÷ 2³², far below the error of any resampling here.
      indexes[i] = Math.floor(((sum >>> 0) / 4_294_967_296) * bound);
    }
    [this.#a, this.#b, this.#c, this.#counter] = [a, b, c, counter];
  }
}
