import {
  isNotFoundError,
  type PandaProbe,
  type RequestOptions,
  type SessionScoreResponse,
  type TraceResponse,
  type TraceScoreResponse,
} from "@pandaprobe/sdk";
import { patience } from "../connect.ts";
import { mapInOrder } from "../map-in-order.ts";
import type { ExportSource } from "./export-settings.ts";

export type Row = TraceResponse | TraceScoreResponse | SessionScoreResponse;

/** The server's largest page. */
const limit = 200;
/** How many whole traces are read at once; each may take about 100 MB of memory. */
const concurrency = 4;

export interface RowsOptions {
  readonly signal: AbortSignal;
  /** Called with the number of rows at the start of the export. */
  readonly onTotal: (total: number) => void;
}

/** The matching rows, newest first, without those that are stored later or deleted before they are read. */
export function rows(client: PandaProbe, source: ExportSource, options: RowsOptions): AsyncGenerator<Row> {
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
  { signal, onTotal }: RowsOptions,
): AsyncGenerator<TraceResponse> {
  const ids = async function* () {
    let cursor: string | undefined;
    do {
      const isFirst = cursor === undefined;
      const query = { ...filters, started_after, started_before, limit, cursor, total: isFirst };
      const page = await client.listTraces(query, callOptions(signal, isFirst));
      if (isFirst) onTotal(page.total);
      for (const { trace_id } of page.items) yield trace_id;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  };
  const read = async (id: string) => {
    try {
      return await client.getTrace(id, callOptions(signal));
    } catch (error) {
      if (isNotFoundError(error)) return null;
      throw error;
    }
  };
  for await (const trace of mapInOrder(ids(), concurrency, read)) if (trace !== null) yield trace;
}

type SourceFilters<Kind extends ExportSource["kind"]> = Extract<ExportSource, { kind: Kind }>["filters"];

interface ScorePage<Score> {
  readonly items: readonly Score[];
  readonly total: number;
}

/**
 * Lists of scores have no cursor, and an offset shifts with each new score. So each page begins at the millisecond at
 * which the last one ended, after the scores of that millisecond that were already seen.
 */
async function* scores<
  Score extends { readonly created_at: string },
  Filters extends { date_to?: string | undefined },
>(
  list: (
    query: Filters & { limit: number; offset: number },
    options: RequestOptions,
  ) => PromiseLike<ScorePage<Score>>,
  filters: Filters,
  { signal, onTotal }: RowsOptions,
): AsyncGenerator<Score> {
  let query = { ...filters, limit, offset: 0 };
  for (let isFirst = true; ; isFirst = false) {
    const { items, total } = await list(query, callOptions(signal, isFirst));
    if (isFirst) onTotal(total);
    yield* items;
    const last = items.at(-1);
    if (last === undefined || items.length < limit) return;
    const date_to = new Date(Date.parse(last.created_at) + 1).toISOString();
    const seen = items.filter(({ created_at }) => created_at === last.created_at).length;
    query = { ...query, date_to, offset: query.date_to === date_to ? query.offset + seen : seen };
  }
}
