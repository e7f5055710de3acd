import type { ChecklistAnswer } from "../../../metrics/own/checklist.ts";
import type { ScaleAnswer } from "../../../metrics/own/scale.ts";
import type { JudgedDefinition } from "../../../metrics/stage.ts";
import { coverage, stems } from "../compare/words.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { counted, heuristicReason } from "../finding.ts";

/** At least this share of a question's words must be in the trace for a yes. */
const enough = 0.5;

/** Answers the question of a project's own metric by its words, because the heuristic does not understand it. */
export function answerOwnMetric(
  evidence: Evidence,
  definition: JudgedDefinition,
): ChecklistAnswer | ScaleAnswer {
  const words = traceWords(evidence);
  if (definition.kind === "checklist") {
    const answers = definition.criteria.map(({ id, question }) => {
      const asked = stems(question);
      const answer = coverage(asked, words) >= enough ? ("yes" as const) : ("no" as const);
      const why = heuristicReason(`${sharedWords(asked, words)} of the question occur in the trace`);
      return { id, answer, why, steps: [] };
    });
    return { answers };
  }
  const [best] = definition.anchors
    .map(({ value, text }) => ({ value, words: stems(text), share: coverage(stems(text), words) }))
    .sort((a, b) => b.share - a.share || a.value - b.value);
  if (best === undefined) throw new TypeError("A scale has anchors.");
  const shared = sharedWords(best.words, words);
  return {
    value: best.value,
    reason: heuristicReason(`${shared} of this anchor occur in the trace`),
    steps: [],
  };
}

function traceWords({ request, said, calls }: Evidence): Set<string> {
  const called = calls.map(
    ({ name, parameters }) => `${name.replaceAll("_", " ")} ${JSON.stringify(parameters)}`,
  );
  return stems([request, said, ...called].join("\n"));
}

function sharedWords(asked: ReadonlySet<string>, found: ReadonlySet<string>): string {
  return `${asked.intersection(found).size} of the ${counted(asked.size, "word")}`;
}
