import type { MonitorLimits, Quotas } from "../../config/project-limits.ts";
import type { Clock } from "../../db/clock.ts";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import type { Judges } from "../../judge/judges.ts";

/** The dependencies of creating, changing and running monitors. */
export interface MonitorContext {
  readonly db: Database | DatabaseTransaction;
  readonly judges: Judges;
  readonly now: Clock;
  readonly quotas: Quotas;
  readonly monitorLimits: MonitorLimits;
}
