import { assertion, failure, type MatcherContext, type MatchResult, ofRun } from "./match-result.ts";
import { receivedScores, type Score } from "./received-scores.ts";
import { scoreNumber, worstScores } from "./score-rows.ts";

/** When scores pass. */
export interface PassBar {
  /**
   * The threshold: a score at or above it passes. From 0 to 1. Default: the threshold of the run, which is stored
   * with each of its scores.
   */
  readonly min?: number | undefined;
  /** The share of the scores that must pass, from 0 to 1. Default: 1, all of them. */
  readonly rate?: number | undefined;
}

/** @throws RangeError for a number outside 0 to 1; TypeError for an invalid metric or an unknown option. */
function checkBar(metric: unknown, bar: PassBar): void {
  if (typeof metric !== "string" || metric === "") {
    throw new TypeError(
      `The first argument of toPass must be the name of a metric, such as "task_completion", not ${String(metric)}.`,
    );
  }
  if (typeof bar !== "object" || bar === null) {
    throw new TypeError(
      `The second argument of toPass must be an object such as { min: 0.8 }, not ${String(bar)}.`,
    );
  }
  for (const [name, value] of Object.entries(bar)) {
    // An ignored typo would make everything pass.
    if (name !== "min" && name !== "rate")
      throw new TypeError(`The options of toPass are min and rate. Unknown option: ${name}.`);
    if (value === undefined || (typeof value === "number" && value >= 0 && value <= 1)) continue;
    throw new RangeError(`${name} of toPass must be a number from 0 to 1, not ${String(value)}.`);
  }
}

/**
 * Whether enough scores of a metric pass. A FAILED score does not pass, and one with nothing to judge does not count.
 * If no score counts, it fails, even with `.not`.
 */
export function toPass(
  this: MatcherContext,
  received: unknown,
  metric: string,
  bar: PassBar = {},
): MatchResult {
  checkBar(metric, bar);
  const { min, rate = 1 } = bar;
  const call = assertion(this, `toPass(${JSON.stringify(metric)}${shown(bar)})`);
  const read = receivedScores(received);
  if (typeof read === "string") return failure(this, `${call}\n\n${read}`);
  const all = read.scores.filter(({ name }) => name === metric);
  const scores = all.filter(isApplicable);
  if (scores.length === 0) {
    const text = all.length === 0 ? noScores(metric, read.scores) : nothingToJudge(all);
    return failure(this, `${call}\n\n${text}${ofRun(read.run)}`);
  }
  if (min === undefined && scores.some((score) => scoreNumber(score) !== null && !hasThreshold(score))) {
    return failure(this, `${call}\n\nThese scores have no threshold. Pass one, such as { min: 0.8 }.`);
  }
  const below = scores.filter((score) => !passes(score, min));
  const passed = scores.length - below.length;
  const asked = Math.ceil(Number((scores.length * rate).toPrecision(12)));
  return {
    pass: passed >= asked,
    message: () => {
      const wanted = this.isNot === true ? "fewer than" : "at least";
      const lines = [
        call,
        "",
        `${passed} of ${scores.length} pass (${percent(passed / scores.length)}); ${wanted} ${asked} (${percent(rate)}) should.${ofRun(read.run)}`,
      ];
      if (scores.length < all.length) lines.push(`${all.length - scores.length} more had nothing to judge.`);
      const byPeople = scores.filter(({ source }) => source === "ANNOTATION").length;
      if (byPeople > 0) lines.push(`${byPeople} of ${scores.length} scores are people's.`);
      if (below.length > 0) lines.push("", worstScores(below));
      return lines.join("\n");
    },
  };
}

function passes(score: Score, min: number | undefined): boolean {
  const number = scoreNumber(score);
  if (number === null) return false;
  return min === undefined ? score.metadata["success"] === true : number >= min;
}

function isApplicable({ metadata }: Score): boolean {
  return metadata["applicable"] !== false;
}

function nothingToJudge(scores: readonly Score[]): string {
  const notes = [...new Set(scores.map(({ metadata }) => String(metadata["note"] ?? "no reason given")))];
  return `No score is applicable: ${scores.length} had nothing to judge (${notes.sort().join(", ")}).`;
}

function hasThreshold({ metadata }: Score): boolean {
  return typeof metadata["success"] === "boolean";
}

function noScores(metric: string, all: readonly Score[]): string {
  if (all.length === 0) return "There are no scores: nothing was evaluated.";
  const names = [...new Set(all.map(({ name }) => name))].sort().join(", ");
  return `There is no score of ${JSON.stringify(metric)}. There are scores of ${names}.`;
}

function shown(bar: PassBar): string {
  const given = Object.entries(bar).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `, { ${given.map(([name, value]) => `${name}: ${value}`).join(", ")} }`;
}

/** Rounded down, so that a share below a threshold never seems to reach it. */
function percent(share: number): string {
  return `${Math.floor(Number((share * 1000).toPrecision(12))) / 10} %`;
}
