import type { EvalRunResponse } from "@pandaprobe/contract";
import type { Attack, Attacker } from "../attack.ts";

export const started_at = "2026-03-01T10:00:00Z";

export interface HostileTrace {
  readonly input?: unknown;
  readonly output?: unknown;
  readonly metadata?: object;
  readonly session_id?: string;
  readonly spans?: readonly object[];
}

/** Runs, or estimates, over everything that the attacker has stored. */
export interface Strike {
  readonly path: "trace-runs" | "session-runs" | "trace-runs/estimate";
  readonly metrics: readonly string[];
  /** Whether an LLM judges. Default: false, the heuristic does. */
  readonly withLlm?: boolean;
  /** How many are created at once. Default: 1. */
  readonly times?: number;
}

/** An attack that stores traces and has them evaluated. */
export function evaluation(
  name: string,
  title: string,
  traces: () => readonly HostileTrace[],
  strike: Strike,
): Attack {
  return {
    name,
    title,
    async prepare(attacker) {
      const refusals: string[] = [];
      for (const trace of traces()) refusals.push(...(await store(attacker, trace)));
      return async () => {
        const outcomes = await Promise.all(
          Array.from({ length: strike.times ?? 1 }, () => evaluate(attacker, strike)),
        );
        return [...new Set([...refusals, ...outcomes])].join(", ");
      };
    },
  };
}

/** Stores a trace, with its spans in as many requests as necessary. @returns what was refused. */
export async function store({ api }: Attacker, { spans = [], ...trace }: HostileTrace): Promise<string[]> {
  const stored = await api.send<{ trace_id: string }>("POST", "/traces", {
    name: "hostile",
    started_at,
    ...trace,
  });
  if (stored.status !== 202) return [`the trace was refused with ${stored.status}`];
  const refused: string[] = [];
  for (const part of parts(spans)) {
    const { status } = await api.send("POST", `/traces/${stored.body.trace_id}/spans`, part);
    if (status >= 300) refused.push(`spans were refused with ${status}`);
  }
  return refused;
}

/** How long to wait for the end of an attack. */
const patienceMs = 120_000;

/** Splits spans into groups of at most 500 spans, 5 MB and about 150,000 values. */
function parts(spans: readonly object[]): object[][] {
  const groups: object[][] = [];
  let chars = 0;
  let valueCount = 0;
  for (const span of spans) {
    const json = JSON.stringify(span);
    const values = json.split(",").length;
    chars += json.length;
    valueCount += values;
    const group = groups.at(-1);
    if (group !== undefined && group.length < 500 && chars <= 5_000_000 && valueCount <= 150_000) {
      group.push(span);
      continue;
    }
    groups.push([span]);
    chars = json.length;
    valueCount = values;
  }
  return groups;
}

export async function evaluate(attacker: Attacker, { path, metrics, withLlm }: Strike): Promise<string> {
  const { api, llm, signal } = attacker;
  const isEstimate = path.endsWith("/estimate");
  const created = await api
    .send<EvalRunResponse>(
      "POST",
      `/evaluations/${path}`,
      { metrics, ...(withLlm && { model: llm }) },
      isEstimate ? { "idempotency-key": crypto.randomUUID() } : {},
    )
    .catch(() => undefined);
  if (created === undefined) return "not answered within 30 s";
  if (isEstimate) return `estimates answered ${created.status}`;
  if (created.status !== 202) return `the run was refused with ${created.status}`;
  let run = created.body;
  const deadline = performance.now() + patienceMs;
  while (run.status === "PENDING" || run.status === "RUNNING") {
    signal.throwIfAborted();
    if (performance.now() > deadline) return `not over after ${patienceMs / 1000} s`;
    // A blocked server does not answer in time.
    const answer = await api
      .send<EvalRunResponse>("GET", `/evaluations/${path}/${run.id}`, undefined, { prefer: "wait=20" })
      .catch(() => undefined);
    if (answer?.status === 200) run = answer.body;
  }
  return `${run.status}, ${run.failed_count} failed scores`;
}

export function inFullOnly(attack: Attack): Attack {
  return { ...attack, onlyInFull: true };
}

/** How many requests of a series an attack sends. */
export function countOf(inFull: number, { short }: Attacker): number {
  return short ? Math.ceil(inFull / 4) : inFull;
}

export function times<Item>(count: number, make: (i: number) => Item): Item[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

export function keys(count: number, value: (i: number) => unknown = (i) => i): Record<string, unknown> {
  return Object.fromEntries(times(count, (i) => [`k${i}`, value(i)]));
}

export function call(name: string, input: unknown, i = 0) {
  return { name, kind: "TOOL", started_at: new Date(Date.parse(started_at) + i).toISOString(), input };
}
