import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { RunKey } from "../../db/run-key.ts";
import { toJson } from "../../db/storable.ts";
import { toBytes } from "./find-answers.ts";
import type { Answer, AnswerKey, CallResult } from "./ledger.ts";

/** How a call of a run ended. */
export interface EndedCall extends Omit<CallResult, "answers"> {
  readonly project_id: string;
  readonly run_id: string;
  readonly id: string;
  readonly answers: readonly { readonly key: AnswerKey; readonly answer: Answer }[];
}

/**
 * Records how calls ended, stores their answers, and charges them to the run. Calls that were settled before stay settled. No
 * text is stored for questions whose traces were all deleted meanwhile.
 */
export async function endCalls(
  processId: string,
  db: Database,
  run: RunKey,
  calls: readonly EndedCall[],
): Promise<void> {
  const rows = calls.map(({ id, status, latencyMs, inputTokens, outputTokens, costUsd, error }) => ({
    id,
    status,
    latency_ms: latencyMs,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cost_usd: costUsd,
    error,
  }));
  const answers = calls.flatMap(({ id, answers: given }) =>
    given.map(({ key, answer }) => ({
      call_id: id,
      key,
      ...(typeof answer === "string" ? { answer } : { vector: toBytes(answer).toString("base64") }),
    })),
  );
  await sql`
    with asked as (
      select distinct unnest(keys) as key from judge_calls
      where project_id = ${run.project_id} and id = any (${calls.map(({ id }) => id)}::uuid[])
    ), live as materialized (
      -- Locked in the order of eraseAnswers, so that a deletion waits for the answer and then erases it.
      select asked.key from (select key from asked order by key) as asked
      cross join lateral (
        select from judge_questions question
        where question.project_id = ${run.project_id} and question.key = asked.key
        order by question.trace_id
        limit 1
        for key share
      ) as question
    ), ended as (
      update judge_calls call set status = ended.status, latency_ms = ended.latency_ms,
        input_tokens = ended.input_tokens, output_tokens = ended.output_tokens, cost_usd = ended.cost_usd,
        error = case when exists (select from live where live.key = any (call.keys)) then ended.error end, ended_at = now_ms()
      from json_to_recordset(${toJson(rows)}) as ended(
        id uuid, status text, latency_ms integer, input_tokens bigint, output_tokens bigint, cost_usd numeric, error text)
      where call.project_id = ${run.project_id} and call.id = ended.id and call.status = 'PENDING'
      returning call.id, call.keys, call.input_tokens, call.output_tokens, call.cost_usd, call.reserved_usd
    ), charged as (
      -- Locked after the calls, as in settleCalls, and before the claims, as in reserveCalls.
      update eval_run_budgets budget
      set reserved_usd = budget.reserved_usd - ended.reserved, spent_usd = budget.spent_usd + ended.cost
      from (select sum(reserved_usd) as reserved, sum(cost_usd) as cost from ended) as ended
      where budget.project_id = ${run.project_id} and budget.run_id = ${run.id} and ended.reserved is not null
      returning budget.run_id
    ), released as (
      delete from judge_claims claim
      where (claim.project_id, claim.key) in (
        select owned.project_id, owned.key from judge_claims owned
        join ended on owned.key = any (ended.keys) and owned.call_id = ended.id
        where owned.project_id = ${run.project_id} and (select count(*) from charged) >= 0
        order by owned.key
        for update of owned)
    ), kept as (
      insert into judge_answers (project_id, key, call_id, answer, vector, is_linked)
      select ${run.project_id}, decode(key, 'hex'), call_id, answer, decode(vector, 'base64'), true
      from json_to_recordset(${toJson(answers)}) as given(call_id uuid, key text, answer text, vector text)
      where decode(key, 'hex') in (select live.key from live)
      -- In a fixed order, so that two processes with the same answers do not deadlock.
      order by key
      on conflict (project_id, key) do nothing
    )
    insert into eval_run_usage as used
      (project_id, run_id, process_id, calls, input_tokens, output_tokens, cost_usd, unpriced_calls)
    select run.project_id, run.id, ${processId}, count(*), coalesce(sum(ended.input_tokens), 0),
      coalesce(sum(ended.output_tokens), 0), coalesce(sum(ended.cost_usd), 0),
      count(*) filter (where ended.cost_usd is null)
    from eval_runs run, ended
    where run.project_id = ${run.project_id} and run.id = ${run.id}
    group by run.project_id, run.id
    on conflict (project_id, run_id, process_id) do update set
      calls = used.calls + excluded.calls,
      input_tokens = used.input_tokens + excluded.input_tokens,
      output_tokens = used.output_tokens + excluded.output_tokens,
      cost_usd = used.cost_usd + excluded.cost_usd,
      unpriced_calls = used.unpriced_calls + excluded.unpriced_calls`.execute(db);
}
