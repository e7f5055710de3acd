import { type RawBuilder, sql } from "kysely";
import type { DecodedTrace } from "../../compute/otlp/decode-traces.ts";
import type { DatabaseTransaction } from "../../db/database.ts";

type Spans = readonly Pick<DecodedTrace, "rows">[];

/** Inserts the spans of traces that the transaction has made: nothing is replaced, which an upsert would look for. */
export async function insertSpans(db: DatabaseTransaction, projectId: string, traces: Spans): Promise<void> {
  if (traces.length > 0) await insert(projectId, traces).execute(db);
}

/** Inserts spans of traces that exist already. A span that comes again replaces itself. */
export async function upsertSpans(db: DatabaseTransaction, projectId: string, traces: Spans): Promise<void> {
  if (traces.length === 0) return;
  await sql`
    ${insert(projectId, traces)}
    on conflict (project_id, trace_id, span_id) do update set
      parent_span_id = excluded.parent_span_id, name = excluded.name, kind = excluded.kind, status = excluded.status,
      input = excluded.input, output = excluded.output,
      model = excluded.model, token_usage = excluded.token_usage, metadata = excluded.metadata,
      started_at = excluded.started_at, started_ns = excluded.started_ns, ended_at = excluded.ended_at,
      error = excluded.error, completion_start_time = excluded.completion_start_time,
      model_parameters = excluded.model_parameters, cost = excluded.cost, total_tokens = excluded.total_tokens,
      total_cost = excluded.total_cost, computed_cost = excluded.computed_cost, prompt_tokens = excluded.prompt_tokens,
      completion_tokens = excluded.completion_tokens, bytes = excluded.bytes,
      ranks = excluded.ranks`.execute(db);
}

function insert(projectId: string, traces: Spans): RawBuilder<unknown> {
  const rows = traces.map((trace) => trace.rows).join(",");
  return sql`
    insert into spans (project_id, trace_id, span_id, parent_span_id, name, kind, status, input, output, model,
      token_usage, metadata, started_at, started_ns, ended_at, error, completion_start_time, model_parameters, cost,
      total_tokens, total_cost, computed_cost, prompt_tokens, completion_tokens, bytes, ranks)
    select ${projectId}, trace_id, span_id, parent_span_id, name, kind, status, coalesce(input, 'null'),
      coalesce(output, 'null'), model, coalesce(token_usage, 'null'), metadata, started_at, started_ns, ended_at, error,
      completion_start_time, coalesce(model_parameters, 'null'), coalesce(cost, 'null'), total_tokens, total_cost,
      computed_cost, prompt_tokens, completion_tokens, bytes, ranks
    from json_to_recordset(${`[${rows}]`}::json) as sent(trace_id uuid, span_id uuid, parent_span_id uuid, name text,
      kind text, status text, input json, output json, model text, token_usage json, metadata json,
      started_at timestamptz, started_ns integer, ended_at timestamptz, error text, completion_start_time timestamptz,
      model_parameters json, cost json, total_tokens bigint, total_cost float8, computed_cost float8,
      prompt_tokens bigint, completion_tokens bigint, bytes integer, ranks json)`;
}
