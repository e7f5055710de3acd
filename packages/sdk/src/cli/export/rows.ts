import {
  isNotFoundError,
  type PandaProbe,
  type RequestOptions,
  type SessionScoreResponse,
  type TraceResponse,
  type TraceScoreResponse,
} from "@pandaprobe/sdk";
import { patience } from "../connect.ts";
import type { SessionScoreFilters, TraceScoreFilters } from "../filters.ts";
import { mapInOrder } from "../map-in-order.ts";
import { type ExportKind, type ExportSource, exportKinds } from "./export-settings.ts";
import { type Exported, nothingExported } from "./resume.ts";

export type Row = TraceResponse | TraceScoreResponse | SessionScoreResponse;

/** The server's largest page. */
const limit = 200;
/** How many whole traces are read at once; each may take about 100 MB of memory. */
const concurrency = 4;

export interface RowsOptions {
  readonly signal: AbortSignal;
  /** Called with the number of rows at the start of the export. */
  readonly onTotal: (total: number) => void;
  /** What not to give again. */
  readonly exported: Exported;
}

/** The matching rows, newest first, without those that are stored later or deleted before they are read. */
export function rows(client: PandaProbe, source: ExportSource, options: RowsOptions): AsyncGenerator<Row> {
  if (source.run !== undefined) return ofRun(client, source, options);
  switch (source.kind) {
    case "traces":
      return traces(client, source.filters, options);
    case "scores":
      return scores((...call) => client.listTraceScores(...call), source.filters, options);
    case "session-scores":
      return scores((...call) => client.listSessionScores(...call), source.filters, options);
  }
}

/** The first request fails early, because the server's address may be wrong. */
function callOptions(signal: AbortSignal, isFirst = false): RequestOptions {
  return isFirst ? { signal } : { signal, ...patience };
}

async function* traces(
  client: PandaProbe,
  { date_from: started_after, date_to: started_before, ...filters }: SourceFilters<"traces">,
  { signal, onTotal, exported }: RowsOptions,
): AsyncGenerator<TraceResponse> {
  const before = exported.time === null ? started_before : justAfter(exported.time);
  const ids = async function* () {
    let cursor: string | undefined;
    do {
      const isFirst = cursor === undefined;
      const query = { ...filters, started_after, started_before: before, limit, cursor, total: isFirst };
      const page = await client.listTraces(query, callOptions(signal, isFirst));
      if (isFirst) onTotal(page.total - exported.ids.size);
      for (const { trace_id } of page.items) if (!exported.ids.has(trace_id)) yield trace_id;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  };
  yield* wholeTraces(client, ids(), signal);
}

/** Reads traces with their spans. Those that have been deleted are left out. */
async function* wholeTraces(
  client: PandaProbe,
  ids: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<TraceResponse> {
  const read = async (id: string) => {
    try {
      return await client.getTrace(id, callOptions(signal));
    } catch (error) {
      if (isNotFoundError(error)) return null;
      throw error;
    }
  };
  for await (const trace of mapInOrder(ids, concurrency, read)) if (trace !== null) yield trace;
}

/** The first time after all rows with this one, for filters that exclude their end. Nothing is after the year 9999. */
function justAfter(time: string): string | undefined {
  const after = new Date(Date.parse(time) + 1);
  return after.getUTCFullYear() > 9999 ? undefined : after.toISOString();
}

type SourceFilters<Kind extends ExportKind> = Extract<
  ExportSource,
  { kind: Kind; filters: unknown }
>["filters"];

interface ScorePage<Score> {
  readonly items: readonly Score[];
  readonly total: number;
}

/**
 * Lists of scores have no cursor, and an offset shifts with each new score. So each page begins at the millisecond at
 * which the last one ended, after the scores of that millisecond that were already seen.
 */
async function* scores<
  Score extends { readonly id: string; readonly created_at: string },
  Filters extends { date_to?: string | undefined },
>(
  list: (
    query: Filters & { limit: number; offset: number },
    options: RequestOptions,
  ) => PromiseLike<ScorePage<Score>>,
  filters: Filters,
  { signal, onTotal, exported }: RowsOptions,
): AsyncGenerator<Score> {
  const start = exported.time === null ? {} : { date_to: justAfter(exported.time) };
  let query = { ...filters, ...start, limit, offset: 0 };
  for (let isFirst = true; ; isFirst = false) {
    const { items, total } = await list(query, callOptions(signal, isFirst));
    if (isFirst) onTotal(total - exported.ids.size);
    for (const score of items) if (!exported.ids.has(score.id)) yield score;
    const last = items.at(-1);
    if (last === undefined || items.length < limit) return;
    const date_to = justAfter(last.created_at);
    const seen = items.filter(({ created_at }) => created_at === last.created_at).length;
    query = { ...query, date_to, offset: query.date_to === date_to ? query.offset + seen : seen };
  }
}

/** The traces that a run has scores of, or whose sessions it has scores of, then those scores. */
async function* ofRun(
  client: PandaProbe,
  { kind, run }: Extract<ExportSource, { run: string }>,
  { signal, exported }: RowsOptions,
): AsyncGenerator<Row> {
  await checkRun(client, run, signal);
  const options = { signal, onTotal: () => {}, exported: nothingExported };
  const filters: TraceScoreFilters & SessionScoreFilters = { eval_run_id: run };
  const ofTraces = () => scores((...call) => client.listTraceScores(...call), filters, options);
  const ofSessions = () => scores((...call) => client.listSessionScores(...call), filters, options);
  const seen = new Set(exported.ids);
  const unseen = (id: string) => !seen.has(id) && seen.add(id).has(id);
  const traceIds = async function* () {
    for await (const { trace_id } of ofTraces()) if (unseen(trace_id)) yield trace_id;
    const sessions = new Set<string>();
    for await (const { session_id } of ofSessions()) {
      if (sessions.has(session_id)) continue;
      sessions.add(session_id);
      const list = client.listTraces({ session_id, limit }, callOptions(signal));
      for await (const { trace_id } of list) if (unseen(trace_id)) yield trace_id;
    }
  };
  const parts = {
    traces: () => wholeTraces(client, traceIds(), signal),
    scores: ofTraces,
    "session-scores": ofSessions,
  };
  for (const each of kind === null ? exportKinds : [kind]) {
    for await (const row of parts[each]()) if (!("id" in row) || !exported.ids.has(row.id)) yield row;
  }
}

/** @throws NotFoundError if there is no such run. */
async function checkRun(client: PandaProbe, run: string, signal: AbortSignal): Promise<void> {
  try {
    await client.getTraceRun(run, callOptions(signal, true));
  } catch (error) {
    if (!isNotFoundError(error)) throw error;
    await client.getSessionRun(run, callOptions(signal));
  }
}
