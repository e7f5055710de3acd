import type { SessionScoreResponse, TraceScoreResponse } from "@pandaprobe/sdk";
import { api } from "./session.ts";

/** How many scores the API lists at once. */
const limit = 200;
/** In characters. A request names at most this much of ids so that its URL fits, because session ids may be long. */
const longestIds = 6000;

type ByTarget<Score> = ReadonlyMap<string, readonly Score[]>;

interface ScoreSource<Score> {
  /** Up to {@link limit} of the latest scores of these targets, and how many there are. */
  readonly list: (ids: string[]) => PromiseLike<{ items: Score[]; total: number }>;
  /** All scores of one target, however many; older scores of a name may follow its newest. */
  readonly ofOne: (id: string) => PromiseLike<Score[]>;
  readonly targetOf: (score: Score) => string;
}

/** The newest score of each name, of each of these traces. */
export function latestTraceScores(
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ByTarget<TraceScoreResponse>> {
  return latestScores<TraceScoreResponse>(ids, {
    list: (trace_ids) => api().listTraceScores({ trace_ids, latest: true, limit }, { signal }),
    ofOne: (id) => api().getTraceScores(id, {}, { signal }),
    targetOf: ({ trace_id }) => trace_id,
  });
}

/** The newest score of each name, of each of these sessions. */
export function latestSessionScores(
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ByTarget<SessionScoreResponse>> {
  return latestScores<SessionScoreResponse>(ids, {
    list: (session_ids) => api().listSessionScores({ session_ids, latest: true, limit }, { signal }),
    ofOne: (id) => api().getSessionScores(id, {}, { signal }),
    targetOf: ({ session_id }) => session_id,
  });
}

/**
 * One request, or more if the targets have too many scores or long ids. All scores of a target come from one answer, so
 * that none is missing if others are stored meanwhile.
 */
async function latestScores<Score>(
  ids: readonly string[],
  source: ScoreSource<Score>,
): Promise<ByTarget<Score>> {
  const length = ids.reduce((sum, id) => sum + encodeURIComponent(id).length, 0);
  if (ids.length > 1 && length > longestIds) return inParts(ids, length / longestIds, source);
  const { items, total } = await source.list([...ids]);
  // The scores are counted and read one after the other.
  if (Math.max(total, items.length) < limit) return Map.groupBy(items, source.targetOf);
  if (ids.length > 1) return inParts(ids, (1.25 * total) / limit, source);
  return new Map(await Promise.all(ids.map(async (id) => [id, await source.ofOne(id)] as const)));
}

async function inParts<Score>(
  ids: readonly string[],
  count: number,
  source: ScoreSource<Score>,
): Promise<ByTarget<Score>> {
  const size = Math.ceil(ids.length / Math.max(2, count));
  const parts: (readonly string[])[] = [];
  for (let first = 0; first < ids.length; first += size) parts.push(ids.slice(first, first + size));
  const maps = await Promise.all(parts.map((part) => latestScores(part, source)));
  return new Map(maps.flatMap((map) => [...map]));
}
