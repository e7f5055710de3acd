import type { MetricSummary } from "../../metrics.ts";
import { meant } from "../meant-name.ts";
import { ProblemError } from "../problem.ts";

/** `trace`: scores a single trace. `session`: scores a whole session. `signal`: scores a trace, but only within a session run. */
export type CatalogueKind = "trace" | "session" | "signal";

interface MetricEntry {
  readonly kind: CatalogueKind;
  /** One sentence. */
  readonly description: string;
  /** A score at or above it counts as a `success`. Default: 0.5. */
  readonly defaultThreshold?: number;
  /** Whether it is computed without asking a judge, so that repeats and juries do not apply. Default: false. */
  readonly isComputed?: boolean;
}

/** Every metric, in the order in which they are listed everywhere. Higher scores are better, and all are from 0 to 1. */
const catalogue = {
  task_completion: {
    kind: "trace",
    description: "Evaluates whether the agent accomplished the user's stated objective.",
  },
  tool_correctness: {
    kind: "trace",
    description: "Evaluates whether the agent selected appropriate tools for the task.",
  },
  argument_correctness: {
    kind: "trace",
    description: "Evaluates whether the agent passed correct arguments to the tools it called.",
  },
  step_efficiency: {
    kind: "trace",
    description:
      "Evaluates whether the agent worked without redundant, duplicate, speculative or verbose steps.",
  },
  confidence: {
    kind: "trace",
    description: "Evaluates how decisively, appropriately and consistently the agent acted.",
  },
  plan_adherence: {
    kind: "trace",
    description:
      "Evaluates whether the agent carried out the steps it had planned, in order and without extras.",
  },
  plan_quality: {
    kind: "trace",
    description:
      "Evaluates whether the agent's plan was complete, coherent, efficient, concrete and fit for the task.",
  },
  coherence: {
    kind: "trace",
    description: "Evaluates how close in meaning the agent's answer is to the question.",
    isComputed: true,
  },
  agent_reliability: {
    kind: "session",
    description: "Evaluates worst-case failure risk across a session.",
  },
  agent_consistency: {
    kind: "session",
    description: "Evaluates overall stability across a session.",
  },
  loop_detection: {
    kind: "signal",
    description: "Evaluates whether the agent repeats what it just said in the session.",
    isComputed: true,
  },
} as const satisfies Readonly<Record<string, MetricEntry>>;

type Catalogue = typeof catalogue;
type MetricName = keyof Catalogue;
type NamesOf<Kind extends CatalogueKind> = {
  [Name in MetricName]: Catalogue[Name]["kind"] extends Kind ? Name : never;
}[MetricName];
export type TraceMetricName = NamesOf<"trace">;
export type SessionMetricName = NamesOf<"session">;

const entries: ReadonlyMap<string, MetricEntry> = new Map(Object.entries(catalogue));

function namesOf<Kind extends CatalogueKind>(kind: Kind): readonly NamesOf<Kind>[] {
  const names = [...entries].filter(([, entry]) => entry.kind === kind).map(([name]) => name);
  return names as NamesOf<Kind>[];
}

export const traceMetricNames = namesOf("trace");
export const sessionMetricNames = namesOf("session");

/** What the API says about a metric. */
export interface MetricDescription {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** A score at or above it counts as a `success`. */
  readonly defaultThreshold: number;
}

/** @throws RangeError for a metric that is not in the catalogue. */
export function describeMetric(name: string): MetricDescription {
  const entry = entries.get(name);
  if (entry === undefined)
    throw new RangeError(`There is no metric ${JSON.stringify(name)} in the catalogue.`);
  return { name, description: entry.description, defaultThreshold: defaultThresholdOf(name) };
}

/** Also 0.5 for a metric that is not in the catalogue. */
export function defaultThresholdOf(name: string): number {
  return entries.get(name)?.defaultThreshold ?? 0.5;
}

/** Whether a metric of the catalogue is computed without asking a judge, so that repeats and juries do not apply. */
export function isComputedMetric(name: string): boolean {
  return entries.get(name)?.isComputed ?? false;
}

export function listMetrics(kind: "trace" | "session"): MetricSummary[] {
  return namesOf(kind).map((name) => ({
    name,
    description: catalogue[name].description,
    category: kind,
  }));
}

/** The names of all scores that built-in metrics give. */
export function builtInNames(): string[] {
  return [...entries.keys()];
}

/** Whether a project's own metric may not have this name. */
export function isReservedName(name: string): boolean {
  return entries.has(name);
}

/** `undefined` if it is not in the catalogue. */
export function metricKindOf(name: string): CatalogueKind | undefined {
  return entries.get(name)?.kind;
}

/**
 * @param known the kind of the metric with this name, if there is one.
 * @param ownNames the names of the project's own metrics, one of which may be meant.
 */
export function unknownMetric(
  kind: "trace" | "session",
  name: string,
  known: CatalogueKind | undefined = metricKindOf(name),
  ownNames: readonly string[] = [],
): ProblemError {
  const detail = `${whyNot(kind, name, known, ownNames)} The ${kind} metrics are ${namesOf(kind).join(", ")}, and those of the project's own.`;
  return new ProblemError("unknown_metric", detail);
}

function whyNot(
  kind: "trace" | "session",
  name: string,
  known: CatalogueKind | undefined,
  ownNames: readonly string[],
): string {
  if (known === undefined || known === kind) {
    return `There is no ${kind} metric ${JSON.stringify(name)}${meant(name, [...namesOf(kind), ...ownNames])}`;
  }
  if (kind === "trace") {
    return `The metric "${name}" needs a whole session: use it in a session run, not on a single trace.`;
  }
  return known === "trace"
    ? `The metric "${name}" is for single traces: use it in a trace run.`
    : `There is no session metric ${JSON.stringify(name)}.`;
}
