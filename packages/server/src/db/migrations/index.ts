import type { Migration } from "kysely/migration";
import * as tracesRunsScores from "./0001-traces-runs-scores.ts";
import * as sessionScores from "./0002-session-scores.ts";
import * as judgeLedger from "./0008-judge-ledger.ts";

/** In order of their names. Append only: a migration that has been released is never changed. */
export const migrations: Record<string, Migration> = {
  "0001-traces-runs-scores": tracesRunsScores,
  "0002-session-scores": sessionScores,
  "0008-judge-ledger": judgeLedger,
};
