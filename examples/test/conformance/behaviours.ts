import { analytics } from "./analytics.ts";
import { catalogue } from "./catalogue.ts";
import { monitors } from "./monitors.ts";
import { requests } from "./requests.ts";
import { scores } from "./scores.ts";
import { sessionRuns } from "./session-runs.ts";
import { sessions } from "./sessions.ts";
import type { Behaviour } from "./side.ts";
import { traceRuns } from "./trace-runs.ts";
import { traces } from "./traces.ts";

/** What holds of the server and of its double alike, by what it is about. */
export const behaviours: Readonly<Record<string, readonly Behaviour[]>> = {
  requests,
  catalogue,
  traces,
  sessions,
  "trace runs": traceRuns,
  "session runs": sessionRuns,
  scores,
  analytics,
  monitors,
};
