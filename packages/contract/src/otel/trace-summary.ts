import { limitedText } from "./map-span.ts";
import { type ContentRanks, type Rank, type RankedPart, rankedPart, type TracePart } from "./ranked-part.ts";

/**
 * What the spans so far say about their trace. For each field, the span of the smallest rank that has a value decides,
 * so merging summaries in any order, or again, gives the same result. It is JSON.
 */
export interface TraceSummary {
  /** The root, or the first span until the root arrives. */
  readonly lead: Lead;
  /** The step that ended last. If the root is not a step itself, it fails with this one. */
  readonly last?: { readonly rank: Rank; readonly failed: boolean } | undefined;
  /** The spans whose input and output are the trace's. */
  readonly input?: Rank | undefined;
  readonly output?: Rank | undefined;
  /** The trace's name if the lead has none. */
  readonly agent?: Said | undefined;
  readonly session?: Said | undefined;
  readonly user?: Said | undefined;
  readonly environment?: Said | undefined;
  readonly release?: Said | undefined;
  readonly tags: readonly Said[];
}

interface Lead {
  readonly rank: Rank;
  readonly name: string;
  readonly isUnnamed?: true;
  readonly started_at: string;
  readonly ended_at: string;
  readonly failed: boolean;
  /** Whether it is the root, which completes the trace. */
  readonly isRoot: boolean;
  /** Whether it is itself a step of an agent, whose status counts, and not just a request or a frame. */
  readonly isStep: boolean;
  /** The names of its metadata, which become the trace's. */
  readonly metadata: readonly string[];
}

interface Said {
  readonly rank: Rank;
  readonly text: string;
}

/** The fields of a trace that its spans decide. */
export interface TraceFields {
  name: string;
  started_at: string;
  ended_at?: string;
  status?: "RUNNING" | "COMPLETED" | "ERROR";
  input?: unknown;
  output?: unknown;
  metadata?: Record<string, unknown>;
  session_id?: string;
  user_id?: string;
  environment?: string;
  release?: string;
  tags?: string[];
}

/** The summary of a trace from one batch of its spans. It is JSON. */
export interface TraceBatch {
  readonly summary: TraceSummary;
  /** The fields that the batch's own spans give the trace, unless other spans rank higher. */
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** A trace after a batch of its spans. */
export interface TraceChange {
  readonly summary: TraceSummary;
  /** The name, the start, and what the batch changed. */
  readonly fields: TraceFields;
}

/** As many as a trace may have. */
const mostTags = 100;

/** @param parts spans of one trace, at least one. */
export function traceBatch(parts: readonly TracePart[]): TraceBatch {
  const ranked = parts.map(rankedPart);
  const summary = summaryOf(ranked);
  const value = (side: "input" | "output") =>
    summary[side] && ranked.find((part) => part[side] === summary[side])?.part.span[side];
  const root = ranked.find(({ rank, isRoot }) => isRoot && rank === summary.lead.rank);
  return {
    summary,
    input: value("input"),
    output: value("output"),
    metadata: root && metadataOf(root.part),
  };
}

/**
 * Adds a batch of spans to the summary of their trace.
 *
 * @param before the summary of earlier batches.
 */
export function addToTrace(before: TraceSummary | undefined, batch: TraceBatch): TraceChange {
  const summary = before === undefined ? batch.summary : merged(before, batch.summary);
  const { lead } = summary;
  const fields: TraceFields = { name: nameOf(summary), started_at: lead.started_at };
  const status = statusOf(summary);
  // A trace that the server does not have yet would be COMPLETED.
  if (before === undefined || status === "RUNNING" || status !== statusOf(before)) fields.status = status;
  if (lead.isRoot && lead.rank !== before?.lead.rank) {
    fields.ended_at = lead.ended_at;
    if (batch.metadata !== undefined) fields.metadata = { ...batch.metadata };
  }
  for (const side of ["input", "output"] as const) {
    if (summary[side] !== undefined && summary[side] !== before?.[side]) fields[side] = batch[side];
  }
  for (const [field, from] of textFields) {
    const said = summary[from];
    if (said !== undefined && said.text !== before?.[from]?.text) fields[field] = said.text;
  }
  const tags = summary.tags.map(({ text }) => text);
  const known = before?.tags ?? [];
  if (tags.length !== known.length || tags.some((tag, n) => tag !== known[n]?.text)) fields.tags = tags;
  return { summary, fields };
}

const textFields = [
  ["session_id", "session"],
  ["user_id", "user"],
  ["environment", "environment"],
  ["release", "release"],
] as const;

export function nameOf({ lead, agent }: TraceSummary): string {
  return lead.isUnnamed ? (agent?.text ?? lead.name) : lead.name;
}

/** The trace's status: the root's or, if that is just a request, that of the step that ended last. */
function statusOf({ lead, last }: TraceSummary): "RUNNING" | "COMPLETED" | "ERROR" {
  if (!lead.isRoot) return "RUNNING";
  const failed = lead.failed || (!lead.isStep && last?.failed === true);
  return failed ? "ERROR" : "COMPLETED";
}

/** A trace's summary after a span got content with these ranks. */
export function withContent(before: TraceSummary, { input, output }: ContentRanks): TraceSummary {
  return {
    ...before,
    input: smallest([before.input, input]),
    output: smallest([before.output, output]),
  };
}

function summaryOf(ranked: readonly RankedPart[]): TraceSummary {
  const [lead] = sorted(ranked, ({ rank }) => rank);
  if (lead === undefined) throw new TypeError("A batch of spans must not be empty.");
  const kept = sorted(
    ranked.filter(({ part }) => part.isKept),
    ({ rank }) => rank,
  );
  const [last] = sorted(
    kept.filter(({ isStep }) => isStep),
    ({ lastRank }) => lastRank,
  );
  const said = (textOf: (part: TracePart) => string | undefined, from = kept): Said | undefined => {
    for (const { part, rank } of from) {
      const text = textOf(part);
      if (text !== undefined) return { rank, text };
    }
    return undefined;
  };
  const resource = (...names: readonly string[]) =>
    said(({ otel }) => {
      const value = names.map((name) => otel.resource?.attributes[name]).find((each) => each !== undefined);
      return typeof value === "string" && value !== "" ? limitedText(value, 255) : undefined;
    });
  return {
    lead: leadOf(lead),
    last: last && { rank: last.lastRank, failed: last.part.span.status === "ERROR" },
    input: smallest(kept.map(({ input }) => input)),
    output: smallest(kept.map(({ output }) => output)),
    agent: said(({ namesTrace }) => namesTrace),
    session: said(({ sessionId }) => sessionId),
    user: said(({ userId }) => userId),
    environment: resource("deployment.environment.name", "deployment.environment"),
    release: resource("service.version"),
    tags: distinctTags(
      kept.flatMap(({ part, rank }) =>
        part.tags.map((text, index) => ({ rank: `${rank}${String(index).padStart(6, "0")}`, text })),
      ),
    ),
  };
}

function leadOf({ part, rank, isRoot, isStep }: RankedPart): Lead {
  const { span } = part;
  return {
    rank,
    name: part.traceName,
    ...(part.isUnnamed ? { isUnnamed: true } : {}),
    started_at: span.started_at,
    ended_at: span.ended_at,
    failed: span.status === "ERROR",
    isRoot,
    isStep,
    metadata: isRoot ? Object.keys(metadataOf(part)) : [],
  };
}

/** Only the resource's `service.` attributes: the others are about machines and command lines. */
function metadataOf({ isKept, span, otel }: TracePart): Record<string, unknown> {
  const service = Object.entries(otel.resource?.attributes ?? {}).filter(([name]) =>
    name.startsWith("service."),
  );
  return { ...(isKept ? span.metadata : {}), ...Object.fromEntries(service) };
}

function merged(a: TraceSummary, b: TraceSummary): TraceSummary {
  return {
    lead: lower(a.lead, b.lead),
    last: lower(a.last, b.last),
    input: smallest([a.input, b.input]),
    output: smallest([a.output, b.output]),
    agent: lower(a.agent, b.agent),
    session: lower(a.session, b.session),
    user: lower(a.user, b.user),
    environment: lower(a.environment, b.environment),
    release: lower(a.release, b.release),
    tags: distinctTags([...a.tags, ...b.tags]),
  };
}

function lower<Ranked extends { readonly rank: Rank } | undefined>(a: Ranked, b: Ranked): Ranked {
  if (a === undefined) return b;
  return b !== undefined && b.rank < a.rank ? b : a;
}

function smallest(ranks: readonly (Rank | undefined)[]): Rank | undefined {
  let found: Rank | undefined;
  for (const rank of ranks) if (rank !== undefined && (found === undefined || rank < found)) found = rank;
  return found;
}

/** Each tag once, in the order of the spans that have it. */
function distinctTags(tags: readonly Said[]): Said[] {
  const found = new Map<string, Said>();
  for (const tag of sorted(tags, ({ rank }) => rank)) if (!found.has(tag.text)) found.set(tag.text, tag);
  return [...found.values()].slice(0, mostTags);
}

function sorted<Item>(items: readonly Item[], rankOf: (item: Item) => Rank): Item[] {
  return items.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
}
