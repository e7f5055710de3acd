import type { ServerSettings } from "@pandaprobe/contract";
import type { SpanPrices } from "@pandaprobe/contract/rules";
import type { Compute } from "../compute/compute.ts";
import type { Intake } from "../compute/intake.ts";
import type { MonitorLimits, Quotas } from "../config/project-limits.ts";
import type { Clock } from "../db/clock.ts";
import type { Database } from "../db/database.ts";
import type { KeyUses } from "../features/projects/key-uses.ts";
import type { KeyWatch } from "../features/projects/key-watch.ts";
import type { RunListener } from "../features/runs/read/run-listener.ts";
import type { Judges } from "../judge/judges.ts";
import type { SqlLedgers } from "../judge/ledger/sql-ledger.ts";
import type { BodyMasking } from "./body-masking.ts";
import type { ProcessMetrics } from "./process-metrics.ts";

/** The dependencies of the routes. */
export interface HttpContext {
  readonly db: Database;
  readonly judges: Judges;
  readonly ledgers: SqlLedgers;
  readonly compute: Compute;
  readonly intake: Intake;
  readonly now: Clock;
  readonly keys: KeyWatch;
  readonly keyUses: KeyUses;
  readonly quotas: Quotas;
  readonly monitorLimits: MonitorLimits;
  readonly runs: RunListener;
  /** Aborted when the server begins to stop: long polls and streams end now. */
  readonly draining: AbortSignal;
  readonly isReady: () => Promise<boolean>;
  readonly metrics: ProcessMetrics;
  readonly version: string;
  /** The response to `GET /settings`. */
  readonly settings: ServerSettings;
  readonly spanPrices: SpanPrices;
  /** `null` without masking rules. */
  readonly masking: BodyMasking | null;
}
