import type { EvalRunResponse } from "../eval-runs.ts";
import { meant } from "./meant-name.ts";
import { builtInNames } from "./metrics/catalogue.ts";
import { ProblemError } from "./problem.ts";
import { isOpen } from "./runs.ts";

/** What pairs traces: a column, or a key of their metadata. */
export type Pairing = "trace_id" | "input" | { readonly metadataKey: string };

/** @param pairBy as in the request, checked by the contract. */
export function pairingOf(pairBy: string | undefined): Pairing | null {
  if (pairBy === undefined) return null;
  if (pairBy === "trace_id" || pairBy === "input") return pairBy;
  return { metadataKey: pairBy.slice("metadata.".length) };
}

/** @throws ProblemError for a run that has not ended, or did not evaluate one of the metrics. */
export function checkComparedRun(
  run: Pick<EvalRunResponse, "id" | "status" | "metric_names">,
  metrics: readonly string[],
): void {
  if (isOpen(run)) {
    const detail = `The run ${run.id} is still ${run.status}. Wait until it has ended, then compare it.`;
    throw new ProblemError("run_in_progress", detail);
  }
  const missing = metrics.find((name) => !run.metric_names.includes(name));
  if (missing === undefined) return;
  const detail = `The run ${run.id} did not evaluate ${JSON.stringify(missing)}. Its metrics are ${run.metric_names.join(", ")}.`;
  throw new ProblemError("unknown_metric", detail);
}

/**
 * The error for a name that no score of the project has.
 *
 * @param ownNames the names of the project's own metrics, one of which may be meant.
 */
export function unknownScoreName(
  what: "score" | "trace score",
  name: string,
  ownNames: readonly string[],
): ProblemError {
  const hint = what === "score" ? "Score traces or sessions first" : "Evaluate the traces first";
  const known = [...builtInNames(), ...ownNames];
  return new ProblemError(
    "unknown_metric",
    `No ${what} of this project is named ${JSON.stringify(name)}${meant(name, known)} ${hint}, or check the name.`,
  );
}

/** How many characters of a case are shown. */
export const shownCaseChars = 200;
/** How many characters of a reason are shown. */
export const shownReasonChars = 500;
