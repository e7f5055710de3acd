import { exitCodes } from "../exit-codes.ts";
import { countText, shareText } from "../figures.ts";
import { oneLine } from "../printable.ts";
import type { TransferDisplay } from "../transfer-display.ts";
import type { ImportSettings } from "./import-settings.ts";
import type { OnWrong } from "./imported.ts";
import { nothingSent, type Sent } from "./send-batch.ts";

/** The exit code if some rows could not be imported. */
export const someWrong = 1;
/** How many rejected rows are shown. */
const mostShown = 20;

/** Ends a strict import. */
export class StrictError extends Error {}

/** The rows that have been imported so far, and those that could not be. */
export class ImportReport {
  readonly #settings: ImportSettings;
  readonly #display: TransferDisplay;
  readonly #sent = nothingSent();
  #wrong = 0;
  #leftOut = 0;

  constructor(settings: ImportSettings, display: TransferDisplay) {
    this.#settings = settings;
    this.#display = display;
  }

  readonly onWrong: OnWrong = (place, message) => {
    this.#wrong += 1;
    if (this.#wrong <= mostShown) {
      this.#display.end();
      process.stderr.write(`${oneLine(`${place}: ${message}`)}\n`);
    }
    if (this.#settings.isStrict) throw new StrictError(`${place}: ${message}`);
  };

  readonly onLeftOut = (): void => {
    this.#leftOut += 1;
  };

  /** @param share the share of all rows that has been sent. */
  add({ traces = 0, knownTraces = 0, spans = 0, scores = 0, known = 0 }: Partial<Sent>, share: number): void {
    this.#sent.traces += traces;
    this.#sent.knownTraces += knownTraces;
    this.#sent.spans += spans;
    this.#sent.scores += scores;
    this.#sent.known += known;
    this.#display.update(() => `${this.#counts()} · ${shareText(share)}`);
  }

  /** The result, in words. */
  text(): string {
    const { knownTraces, known } = this.#sent;
    return [
      `${this.#settings.isDryRun ? "Would import" : "Imported"} ${this.#counts()}.`,
      ...(knownTraces === 0 ? [] : [`${countText(knownTraces, "trace")} of these had been stored before.`]),
      ...(known === 0 ? [] : [`${countText(known, "score")} had been imported before.`]),
      ...(this.#leftOut === 0
        ? []
        : [`${countText(this.#leftOut, "failed score")} without a value left out.`]),
      ...(this.#wrong === 0 ? [] : [`${countText(this.#wrong, "row")} could not be imported.`]),
    ].join(" ");
  }

  /** @returns the exit code */
  end(): number {
    if (this.#wrong > mostShown) {
      process.stderr.write(
        `… and ${countText(this.#wrong - mostShown, "row")} more that could not be imported\n`,
      );
    }
    if (this.#wrong > 0 || this.#settings.isDryRun) process.stderr.write(`${this.text()}\n`);
    else this.#display.say(this.text());
    return this.#wrong === 0 ? exitCodes.passed : someWrong;
  }

  #counts(): string {
    const { traces, spans, scores } = this.#sent;
    return `${countText(traces, "trace")}, ${countText(spans, "span")} and ${countText(scores, "score")}`;
  }
}
