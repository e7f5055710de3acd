import type { TryMetricRequest } from "../../metric-trials.ts";
import { invalidField, notFound } from "../problem.ts";
import { sessionTargets, type TargetNames, traceTargets } from "../runs.ts";
import { metricKindOf, unknownMetric } from "./catalogue.ts";
import { checkNewMetricName, type OwnMetric, targetTypeOf } from "./own-metrics.ts";

/** What a trial judges. */
export interface TriedMetric {
  /** The definition, if it is the project's own or a draft. */
  readonly own: OwnMetric | undefined;
  readonly targets: TargetNames;
  /** Each id once. */
  readonly ids: readonly string[];
}

/** The version of a draft: stored ones count from 1. */
const draftVersion = 0;

/**
 * @param stored the project's own metric of this name, at the requested version or else its latest one.
 * @param isNew whether the project has no metric of this name.
 * @throws ProblemError `not_found` for an unknown metric or version; `unknown_metric` for a built-in session metric, which is computed from stored signals; `validation_error` for a draft whose name could not be stored, or for targets of the other type.
 */
export function triedMetric(
  name: string,
  request: TryMetricRequest,
  { stored, isNew }: { readonly stored: OwnMetric | undefined; readonly isNew: boolean },
): TriedMetric {
  const own = ownMetricOf(name, request, stored, isNew);
  const targets =
    own !== undefined && targetTypeOf(own.definition) === "SESSION" ? sessionTargets : traceTargets;
  const ids = request[targets.idsField];
  if (ids != null) return { own, targets, ids: [...new Set(ids)] };
  const other = targets === traceTargets ? sessionTargets : traceTargets;
  throw invalidField(
    "validation_error",
    other.idsField,
    `do not apply to a metric of ${targets.noun}s: give ${targets.idsField}`,
  );
}

function ownMetricOf(
  name: string,
  { definition, version }: TryMetricRequest,
  stored: OwnMetric | undefined,
  isNew: boolean,
): OwnMetric | undefined {
  if (definition != null) {
    if (isNew) checkNewMetricName(name);
    return { name, version: draftVersion, definition };
  }
  if (stored !== undefined) return stored;
  if (version != null) throw notFound(`version ${version} of a metric of your own`, name);
  const kind = metricKindOf(name);
  if (kind === "trace") return undefined;
  if (kind !== "session") throw notFound("metric", name);
  throw unknownMetric("trace", name, kind);
}
