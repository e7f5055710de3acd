import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import type { LedgerCall } from "../../judge/ledger/ledger.ts";
import type { RunKey } from "../runs/run-key.ts";

/** A call of a run that is about to be made. */
export interface NewCall extends LedgerCall {
  readonly project_id: string;
  readonly run_id: string;
  readonly id: string;
}

/** A call as it goes to the database, inside a JSON array. */
export function callRow({ id, kind, model, settings, keys, attempt, reservedUsd }: NewCall) {
  return { id, kind, model, settings, keys, attempt, reserved_usd: reservedUsd };
}

/** Records calls before they are made. */
export async function beginCalls(db: Database, run: RunKey, calls: readonly NewCall[]): Promise<void> {
  await sql`
    insert into judge_calls (project_id, id, run_id, kind, model, settings, keys, attempt, reserved_usd)
    select ${run.project_id}, id, ${run.id}, kind, model, settings,
      array(select decode(key, 'hex') from unnest(keys) as key), attempt, reserved_usd
    from json_to_recordset(${toJson(calls.map(callRow))}) as call(
      id uuid, kind text, model text, settings json, keys text[], attempt integer, reserved_usd numeric)`.execute(
    db,
  );
}
