import type { SeededRandom } from "./random.ts";

/**
 * Sums of numbers per cluster. Scores of one session are alike, so a resample draws whole sessions; as statistics are
 * computed from sums, drawing a session again costs a few additions, however many scores it has.
 */
export class ClusterSums {
  readonly #width: number;
  readonly #starts = new Map<string, number>();
  readonly #sums: number[] = [];

  /** @param width how many numbers are summed */
  constructor(width: number) {
    this.#width = width;
  }

  /** The number of clusters. */
  get size(): number {
    return this.#starts.size;
  }

  /** Adds the numbers of one score to its cluster. */
  add(cluster: string, numbers: readonly number[]): void {
    let start = this.#starts.get(cluster);
    if (start === undefined) {
      start = this.#sums.length;
      this.#starts.set(cluster, start);
      for (let i = 0; i < this.#width; i++) this.#sums.push(0);
    }
    for (let i = 0; i < this.#width; i++) {
      this.#sums[start + i] = (this.#sums[start + i] ?? 0) + (numbers[i] ?? 0);
    }
  }

  /** The sums over all clusters. */
  total(): Float64Array {
    const total = new Float64Array(this.#width);
    for (let i = 0; i < this.#sums.length; i++) {
      const column = i % this.#width;
      total[column] = (total[column] ?? 0) + (this.#sums[i] ?? 0);
    }
    return total;
  }

  /** The sums of each cluster, in the order in which the clusters came. */
  each(): number[][] {
    return Array.from({ length: this.size }, (_, i) =>
      this.#sums.slice(i * this.#width, (i + 1) * this.#width),
    );
  }

  /**
   * Draws as many clusters as there are, with replacement, each time it is called.
   *
   * @returns the sums of the clusters drawn, in an array that the next call overwrites
   */
  resampler(random: SeededRandom): () => Float64Array {
    const sums = Float64Array.from(this.#sums);
    const [width, size] = [this.#width, this.size];
    const drawn = new Float64Array(width);
    const clusters = new Uint32Array(size);
    return () => {
      random.fill(clusters, size);
      for (let column = 0; column < width; column++) {
        let sum = 0;
        for (let i = 0; i < size; i++) sum += sums[(clusters[i] ?? 0) * width + column] ?? 0;
        drawn[column] = sum;
      }
      return drawn;
    };
  }
}
