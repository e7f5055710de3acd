import { randomInt } from "node:crypto";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { storableText, toJson } from "../../db/storable.ts";
import { answerKey } from "../../judge/ledger/answer-key.ts";
import type { AnswerKey, CallOutcome, Ledger, LedgerCall } from "../../judge/ledger/ledger.ts";
import { LedgerError } from "../../judge/ledger/ledger-error.ts";
import { BudgetExceededError } from "./budget-exceeded-error.ts";

/** The run whose calls are recorded. */
export interface LedgerRun {
  readonly project_id: string;
  readonly run_id: string;
  /** Whether only answers count that were given in this very run. */
  readonly fresh: boolean;
  /** In USD; `null`: without a limit. */
  readonly maxCostUsd: number | null;
}

/** Rows that a run's usage is spread over. */
const stripes = 8;

/** The ledger of one run: its calls and their answers go into the tables, and count for the run. */
export class RunLedger implements Ledger {
  readonly #db: Database;
  readonly #run: LedgerRun;

  constructor(db: Database, run: LedgerRun) {
    this.#db = db;
    this.#run = run;
  }

  async find(keys: readonly AnswerKey[]): Promise<ReadonlyMap<AnswerKey, unknown>> {
    if (keys.length === 0) return new Map();
    const { project_id, run_id } = this.#run;
    const byStored = new Map(keys.map((key) => [this.#stored(key), key]));
    const { rows } = await reaching(() =>
      sql<{ key: string; answer: unknown }>`
        with known as (
          select encode(key, 'hex') as key, answer from judge_answers
          where project_id = ${project_id} and key = any (${hexes([...byStored.keys()])})
        ), counted as (
          insert into eval_run_usage as used (project_id, run_id, stripe, cached_calls)
          select project_id, id, ${randomInt(stripes)}, 1 from eval_runs
          where project_id = ${project_id} and id = ${run_id} and exists (select from known)
          on conflict (project_id, run_id, stripe) do update set cached_calls = used.cached_calls + 1
        )
        select key, answer from known`.execute(this.#db),
    );
    return new Map(rows.flatMap(({ key, answer }) => [[byStored.get(key) ?? key, answer]]));
  }

  async begin(call: LedgerCall): Promise<string> {
    const { project_id, run_id, maxCostUsd } = this.#run;
    const id = uuidv7();
    const keys = call.keys.map((key) => this.#stored(key));
    const { rows } = await reaching(() =>
      sql<{ id: string }>`
        with reserved as (
          update eval_run_budgets set committed_usd = committed_usd + ${call.reservedUsd}::numeric
          where project_id = ${project_id} and run_id = ${run_id}
            and committed_usd + ${call.reservedUsd}::numeric <= max_usd
          returning run_id
        )
        insert into judge_calls (project_id, id, run_id, kind, model, settings, keys, attempt, reserved_usd)
        select ${project_id}, ${id}, ${run_id}, ${call.kind}, ${call.model}, ${JSON.stringify(call.settings)}::json,
          ${hexes(keys)}, ${call.attempt}, ${call.reservedUsd}::numeric
        where ${maxCostUsd === null} or exists (select from reserved)
        returning id`.execute(this.#db),
    );
    if (rows.length === 0) throw new BudgetExceededError(maxCostUsd ?? 0);
    return id;
  }

  async end(callId: string, outcome: CallOutcome): Promise<void> {
    const { project_id, run_id } = this.#run;
    const answers = [...outcome.answers].map(([key, answer]) => ({ key: this.#stored(key), answer }));
    await reaching(() =>
      sql`
        with ended as (
          update judge_calls set status = ${outcome.status}, latency_ms = ${outcome.latencyMs},
            input_tokens = ${outcome.inputTokens}, output_tokens = ${outcome.outputTokens},
            cost_usd = ${outcome.costUsd}::numeric, error = ${outcome.error === null ? null : storableText(outcome.error)},
            ended_at = now_ms()
          where project_id = ${project_id} and id = ${callId} and status = 'PENDING'
          returning reserved_usd
        ), kept as (
          insert into judge_answers (project_id, key, call_id, answer)
          select ${project_id}, decode(kept.key, 'hex'), ${callId}, kept.answer
          from json_to_recordset(${toJson(answers)}) as kept(key text, answer json)
          on conflict (project_id, key) do nothing
        ), settled as (
          update eval_run_budgets set committed_usd = committed_usd - reserved_usd + ${outcome.costUsd}::numeric
          from ended where project_id = ${project_id} and run_id = ${run_id}
        )
        insert into eval_run_usage as used
          (project_id, run_id, stripe, calls, input_tokens, output_tokens, cost_usd, unpriced_calls)
        select project_id, id, ${randomInt(stripes)}, 1, ${outcome.inputTokens}, ${outcome.outputTokens},
          ${outcome.costUsd ?? 0}::numeric, ${outcome.costUsd === null ? 1 : 0}
        from eval_runs, ended where project_id = ${project_id} and id = ${run_id}
        on conflict (project_id, run_id, stripe) do update set
          calls = used.calls + 1,
          input_tokens = used.input_tokens + excluded.input_tokens,
          output_tokens = used.output_tokens + excluded.output_tokens,
          cost_usd = used.cost_usd + excluded.cost_usd,
          unpriced_calls = used.unpriced_calls + excluded.unpriced_calls`.execute(this.#db),
    );
  }

  /** A run that judges anew keeps its answers to itself. */
  #stored(key: AnswerKey): AnswerKey {
    return this.#run.fresh ? answerKey([this.#run.run_id, key]) : key;
  }
}

function hexes(keys: readonly AnswerKey[]) {
  return sql`array(select decode(key, 'hex') from unnest(${keys}::text[]) key)`;
}

/** What the database throws says nothing about the question that is asked. */
async function reaching<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw new LedgerError("The ledger of judge calls could not be reached.", { cause: error });
  }
}
