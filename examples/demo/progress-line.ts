import type { RunProgress } from "@pandaprobe/sdk";
import { bar } from "./bar.ts";
import { scoreColor } from "./colors.ts";

const barWidth = 30;
/** How often a line is added if lines cannot be redrawn. */
const linesApartMs = 2_000;

/** Shows a run's progress: a bar that is redrawn on a terminal, a new line every few seconds elsewhere. */
export class ProgressLine {
  readonly #output: NodeJS.WriteStream;
  readonly #targets: string;
  #lastLineAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  /** @param targets what is evaluated, such as "traces". */
  constructor(output: NodeJS.WriteStream, targets: string) {
    this.#output = output;
    this.#targets = targets;
  }

  update(progress: RunProgress): void {
    const { evaluated, total } = progress;
    if (this.#output.isTTY) {
      const drawn = bar(total === 0 ? 1 : evaluated / total, barWidth);
      this.#output.write(`\r\x1b[2K  ${drawn} ${this.#state(progress)}`);
      this.#isDrawn = true;
      return;
    }
    const now = performance.now();
    if (evaluated < total && now - this.#lastLineAt < linesApartMs) return;
    this.#lastLineAt = now;
    this.#output.write(`  ${this.#state(progress)}\n`);
  }

  /** Ends the line, so that the next output starts on a new one. */
  end(): void {
    if (this.#isDrawn) this.#output.write("\n");
    this.#isDrawn = false;
  }

  #state({ evaluated, total, failed, remainingMs }: RunProgress): string {
    const failures = failed === 0 ? "" : scoreColor(null, `, ${failed} scores failed`);
    const left =
      evaluated === total || remainingMs === null ? "" : `, ${Math.ceil(remainingMs / 1000)} s left`;
    return `${evaluated} of ${total} ${this.#targets}${failures}${left}`;
  }
}
