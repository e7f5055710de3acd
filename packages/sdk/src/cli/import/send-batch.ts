import {
  isApiError,
  isNotFoundError,
  isValidationError,
  type PandaProbe,
  type RequestOptions,
  type TraceCreate,
} from "@pandaprobe/sdk";
import type { PandaProbeReview } from "@pandaprobe/sdk/review";
import { patience } from "../connect.ts";
import type { ImportedScore, ImportedTrace, OnWrong, Place, ScoreTarget } from "./imported.ts";

/** The number of stored items. */
export interface Sent {
  traces: number;
  spans: number;
  scores: number;
  /** Those of the traces that were already stored, as far as the server says so. */
  knownTraces: number;
  /** Scores that were already stored. */
  known: number;
}

export function nothingSent(): Sent {
  return { traces: 0, knownTraces: 0, spans: 0, scores: 0, known: 0 };
}

export interface Destination {
  readonly client: PandaProbe;
  readonly review: PandaProbeReview;
  readonly signal: AbortSignal;
  readonly onWrong: OnWrong;
}

/** The server's limits. */
const mostTraces = 100;
const mostSpans = 500;
/** For one request; the server's default limit is 10 MiB. */
const mostBytes = 4 * 2 ** 20;

/** Groups as many traces as fit into one request. */
export async function* batches(
  traces: AsyncIterable<ImportedTrace>,
): AsyncGenerator<readonly ImportedTrace[]> {
  let waiting: ImportedTrace[] = [];
  let bytes = 0;
  for await (const each of traces) {
    const size = JSON.stringify(each.trace).length;
    if (waiting.length > 0 && (bytes + size > mostBytes || waiting.length === mostTraces)) {
      yield waiting;
      waiting = [];
      bytes = 0;
    }
    waiting.push(each);
    bytes += size;
  }
  if (waiting.length > 0) yield waiting;
}

/** Stores traces, then their scores. Items that the server rejects are reported, and the others are stored. */
export async function sendBatch(traces: readonly ImportedTrace[], destination: Destination): Promise<Sent> {
  const sent = nothingSent();
  const pieces = traces.flatMap(({ place, trace }) =>
    trace === null ? [] : slices(trace).map((slice, index) => ({ place, slice, isFirst: index === 0 })),
  );
  for (const request of requests(pieces)) {
    for (const { slice, isFirst, isKnown } of await sendPieces(request, destination)) {
      sent.traces += isFirst ? 1 : 0;
      sent.knownTraces += isFirst && isKnown ? 1 : 0;
      sent.spans += slice.spans?.length ?? 0;
    }
  }
  const scores = await sendScores(
    traces.flatMap((each) => each.scores),
    destination,
  );
  return { ...sent, ...scores };
}

interface Piece {
  readonly place: Place;
  readonly slice: TraceCreate;
  readonly isFirst: boolean;
}

/** Splits a trace with too many spans for one request. The server merges the parts. */
function slices(trace: TraceCreate): TraceCreate[] {
  const { trace_id, name, started_at, spans = [], ...rest } = trace;
  const found: (TraceCreate & { spans: NonNullable<TraceCreate["spans"]> })[] = [
    { trace_id, name, started_at, ...rest, spans: [] },
  ];
  let bytes = JSON.stringify(found).length;
  for (const span of spans) {
    const size = JSON.stringify(span).length;
    const last = found.at(-1);
    const isFull = (last?.spans.length ?? 0) >= mostSpans || (bytes + size > mostBytes && bytes > 0);
    if (last !== undefined && !isFull) {
      last.spans.push(span);
      bytes += size;
    } else {
      found.push({ trace_id, name, started_at, spans: [span] });
      bytes = size;
    }
  }
  return found;
}

function requests(pieces: readonly Piece[]): Piece[][] {
  const found: Piece[][] = [];
  let bytes = 0;
  for (const piece of pieces) {
    const size = JSON.stringify(piece.slice).length;
    const last = found.at(-1);
    if (last === undefined || last.length === mostTraces || bytes + size > mostBytes) {
      found.push([piece]);
      bytes = size;
    } else {
      last.push(piece);
      bytes += size;
    }
  }
  return found;
}

type StoredPiece = Piece & { readonly isKnown: boolean };

/** @returns the pieces that were stored, and whether their traces had been stored before. */
async function sendPieces(
  pieces: readonly Piece[],
  destination: Destination,
): Promise<readonly StoredPiece[]> {
  const { client, onWrong } = destination;
  try {
    const body = { traces: pieces.map(({ slice }) => slice) };
    const { items } = await client.createTraceBatch(body, optionsOf(destination));
    const stored: StoredPiece[] = [];
    for (const { index, error, created } of items) {
      const piece = pieces[index];
      if (piece === undefined) continue;
      if (error === null) {
        stored.push({ ...piece, isKnown: created === false });
        continue;
      }
      // Its position in the request says nothing about the file.
      const why = error.detail.replaceAll(/\bbody\.traces\.\d+\./g, "");
      onWrong(piece.place, `The server refused trace ${piece.slice.trace_id}: ${why}`);
    }
    return stored;
  } catch (error) {
    // A server with a lower limit of bytes.
    if (!isApiError(error) || error.status !== 413) throw error;
    const [first, ...rest] = pieces;
    if (first === undefined) return [];
    if (rest.length > 0) {
      const half = Math.ceil(pieces.length / 2);
      return [
        ...(await sendPieces(pieces.slice(0, half), destination)),
        ...(await sendPieces(pieces.slice(half), destination)),
      ];
    }
    onWrong(first.place, `The server refused trace ${first.slice.trace_id}: ${error.detail}`);
    return [];
  }
}

/** Stores the scores that are not stored yet, by comparing them with those of their trace or session. */
export async function sendScores(
  scores: readonly ImportedScore[],
  destination: Destination,
): Promise<Pick<Sent, "scores" | "known">> {
  const sent = { scores: 0, known: 0 };
  const byTarget = Map.groupBy(scores, ({ target }) => Object.values(target).join(" "));
  for (const group of byTarget.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const known = await knownOrigins(first.target, destination);
    for (const score of group) {
      const origin = originText(score.origin);
      if (known.has(origin)) sent.known += 1;
      else if (await sendScore(score, destination)) sent.scores += 1;
      known.add(origin);
    }
  }
  return sent;
}

/** The origins of a target's scores. A score without one originated here. */
async function knownOrigins(target: ScoreTarget, destination: Destination): Promise<Set<string>> {
  const { client, review } = destination;
  const options = optionsOf(destination);
  const query = { ...target, limit: 200 };
  const list =
    "session_id" in query
      ? client.listSessionScores(query, options)
      : "span_id" in query
        ? review.listSpanScores(query, options)
        : client.listTraceScores(query, options);
  const known = new Set<string>();
  for await (const { id, metadata } of list) {
    known.add(originText({ from: "pandaprobe", id }));
    const { from, id: first } = (metadata["imported"] ?? {}) as { from?: unknown; id?: unknown };
    known.add(originText({ from: String(from), id: String(first) }));
  }
  return known;
}

const originText = ({ from, id }: { readonly from: string; readonly id: string }) => `${from} ${id}`;

async function sendScore(
  { place, target, origin, body }: ImportedScore,
  destination: Destination,
): Promise<boolean> {
  const { client, review, onWrong } = destination;
  const options = optionsOf(destination);
  const score = { ...body, metadata: { ...body.metadata, imported: origin } };
  try {
    if ("session_id" in target) await review.createSessionScore({ ...target, ...score }, options);
    else if ("span_id" in target) await review.createSpanScore({ ...target, ...score }, options);
    else await client.createTraceScore({ ...target, ...score }, options);
    return true;
  } catch (error) {
    if (!isNotFoundError(error) && !isValidationError(error)) throw error;
    onWrong(place, `The server refused the score ${body.name}: ${error.detail}`);
    return false;
  }
}

function optionsOf({ signal }: Destination): RequestOptions {
  return { signal, ...patience };
}
