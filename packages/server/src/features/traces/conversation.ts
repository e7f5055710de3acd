import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import type { StoredTrace } from "./stored-trace.ts";

/** How many traces of a session a judge is shown: the first and the last ones. */
const mostTraces = 400;
/** How much of one input or output is read. */
const mostBytes = 20_000;

interface Conversation extends StoredTrace {
  /** How many traces the session has. */
  readonly traces: number;
}

interface Turn {
  readonly trace_id: string;
  readonly name: string;
  readonly status: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly nth: number;
  readonly total: number;
  /** The `session_content` of the session. */
  readonly content: string;
  /** As JSON. */
  readonly input: string;
  readonly output: string;
}

/**
 * A session as one trace, whose steps are the traces of the session with their inputs and outputs. Long texts and the
 * middle of a very long session are left out, with a mark.
 *
 * @returns `undefined` if the session has no traces.
 */
export async function readConversation(
  db: Database,
  projectId: string,
  sessionId: string,
): Promise<Conversation | undefined> {
  const { rows: turns } = await sql<Turn>`
    select trace_id, name, status, started_at, ended_at, nth, total,
      (select session_content(${projectId}, ${sessionId}))::text as content,
      ${bounded("input")} as input, ${bounded("output")} as output
    from (
      select *, row_number() over (order by started_at, trace_id) as nth, count(*) over () as total
      from traces where project_id = ${projectId} and session_id = ${sessionId}
    ) as trace
    where nth <= ${mostTraces / 2} or nth > total - ${mostTraces / 2}
    order by nth`.execute(db);
  const [first] = turns;
  const last = turns.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const json = conversationJson(sessionId, turns, first, last);
  return {
    trace_id: first.trace_id,
    chars: json.length,
    read: async () => json,
    contentHash: first.content,
    traces: first.total,
  };
}

function bounded(column: "input" | "output") {
  const text = sql`${sql.ref(column)}::text`;
  return sql<string>`case when octet_length(${text}) <= ${mostBytes} then ${text}
    else to_json(left(${text}, ${mostBytes / 2}) || ' … ' || right(${text}, ${mostBytes / 2}))::text end`;
}

function conversationJson(sessionId: string, turns: readonly Turn[], first: Turn, last: Turn): string {
  const left = first.total - turns.length;
  const name = left === 0 ? "session" : `session, ${left} requests in the middle left out`;
  const fields = {
    trace_id: first.trace_id,
    source_ids: turns.map(({ trace_id }) => trace_id),
    name,
    status: turns.some(({ status }) => status === "ERROR") ? "ERROR" : last.status,
    tags: [],
    session_id: sessionId,
    started_at: first.started_at,
    ended_at: last.ended_at,
    input: null,
    output: null,
    metadata: {},
  };
  const spans = turns.map(turnJson).join(",");
  return `${JSON.stringify(fields).slice(0, -1)},"spans":[${spans}]}`;
}

function turnJson({ trace_id, name, status, started_at, ended_at, input, output }: Turn): string {
  const fields = {
    span_id: trace_id,
    parent_span_id: null,
    name,
    kind: "AGENT",
    status: status === "ERROR" ? "ERROR" : "UNSET",
    model: null,
    error: null,
    started_at,
    ended_at,
    metadata: {},
    model_parameters: null,
  };
  return `${JSON.stringify(fields).slice(0, -1)},"input":${input ?? "null"},"output":${output ?? "null"}}`;
}
