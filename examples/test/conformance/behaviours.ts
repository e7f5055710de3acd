import { administration } from "./administration.ts";
import { agreements } from "./agreements.ts";
import { analytics } from "./analytics.ts";
import { budgets } from "./budgets.ts";
import { catalogue } from "./catalogue.ts";
import { comparisons } from "./comparisons.ts";
import { costs } from "./costs.ts";
import { cursors } from "./cursors.ts";
import { everyOperation } from "./every-operation.ts";
import { idempotency } from "./idempotency.ts";
import { ignoredNames } from "./ignored-names.ts";
import { juries } from "./juries.ts";
import { lenientForms } from "./lenient-forms.ts";
import { monitors } from "./monitors.ts";
import { otlp } from "./otlp.ts";
import { ownMetrics } from "./own-metrics.ts";
import { people } from "./people.ts";
import { progress } from "./progress.ts";
import { requests } from "./requests.ts";
import { reviews } from "./reviews.ts";
import { scores } from "./scores.ts";
import { sessionRuns } from "./session-runs.ts";
import { sessions } from "./sessions.ts";
import type { Behaviour } from "./side.ts";
import { traceRuns } from "./trace-runs.ts";
import { traces } from "./traces.ts";

/** The behaviours that the server and the mock server share, by topic. */
export const behaviours: Readonly<Record<string, readonly Behaviour[]>> = {
  requests,
  "lenient forms": lenientForms,
  "ignored names": ignoredNames,
  "every operation": everyOperation,
  idempotency,
  catalogue,
  "a project's own metrics": ownMetrics,
  traces,
  OpenTelemetry: otlp,
  costs,
  sessions,
  cursors,
  "trace runs": traceRuns,
  "session runs": sessionRuns,
  progress,
  budgets,
  juries,
  scores,
  "people's scores": people,
  agreements,
  "review queues": reviews,
  comparisons,
  analytics,
  monitors,
  administration,
};
