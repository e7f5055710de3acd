import type { ScoreJudgement } from "../judgements.ts";
import { formatModelName, heuristicModel } from "./judges/model-name.ts";
import { ProblemError } from "./problem.ts";

interface Given {
  readonly id: string;
  readonly source: string;
  readonly stale: boolean;
  /** What the judge had said, if a person changed the score. */
  readonly judged: object | null;
}

/** How the run of a score judged its metric. */
export interface JudgedRun {
  readonly judges: readonly string[];
  readonly repeats: number;
  /** Whether the metric asks questions. */
  readonly asks: boolean;
}

interface Chosen {
  readonly model?: string | undefined;
  readonly repeat: number;
}

/** Who gave a score and why it has no questions: `by` is MODEL if the caller has to find them.
 *
 * @param run `undefined` if no run gave it, or that run was deleted.
 * @throws ProblemError `validation_error` for a model or repeat that did not judge it
 */
export function whoJudged(score: Given, run: JudgedRun | undefined, chosen: Chosen): ScoreJudgement {
  const { id: score_id, stale, source, judged } = score;
  const nothing = { score_id, judges: [], repeats: 0, model: null, repeat: null, stale, questions: [] };
  if (run === undefined) {
    if (judged !== null || source === "AUTOMATED")
      return {
        ...nothing,
        by: "UNKNOWN",
        note: "The run that gave this score was deleted, so it is unknown who judged.",
      };
    return source === "PROGRAMMATIC"
      ? { ...nothing, by: "PROGRAM", note: "A program gave this score; no judge was asked." }
      : { ...nothing, by: "PERSON", note: "A person gave this score; no judge was asked." };
  }
  if (!run.asks)
    return { ...nothing, by: "RULE", note: "This metric is computed from the trace; no judge was asked." };
  const { judges, repeats } = run;
  const { model = judges[0] ?? "", repeat } = chosen;
  if (!judges.includes(model))
    throw wrongQuery("model", `did not judge this score: use ${judges.join(", ")}`);
  if (repeat > repeats) throw wrongQuery("repeat", `must be at most ${repeats}`);
  const seat = { ...nothing, judges: [...judges], repeats, model, repeat };
  if (model !== formatModelName(heuristicModel)) return { ...seat, by: "MODEL", note: null };
  const note = "The built-in heuristic judged this with rules on the trace; no model was asked.";
  return { ...seat, by: "HEURISTIC", note };
}

function wrongQuery(field: string, msg: string): ProblemError {
  const errors = [{ loc: ["query", field], msg, type: "invalid" }];
  return new ProblemError("validation_error", `query.${field} ${msg}.`, { errors });
}
