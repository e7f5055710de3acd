import { limits } from "../../common/limits.ts";
import type { MetricDefinition, MetricKind } from "../../metric-definitions.ts";
import type { MetricListItem, MetricResponse } from "../../own-metrics.ts";
import { notFound, ProblemError } from "../problem.ts";
import type { TargetType } from "../runs.ts";
import {
  describeMetric,
  isReservedName,
  listMetrics,
  type MetricDescription,
  metricKindOf,
  unknownMetric,
} from "./catalogue.ts";

/** A version of a project's own metric. */
export interface OwnMetric {
  readonly name: string;
  readonly version: number;
  readonly definition: MetricDefinition;
}

/** The same with the times of the metric's first version and of this one. */
export interface StoredOwnMetric extends OwnMetric {
  readonly created_at: string;
  readonly updated_at: string;
}

export function targetTypeOf(definition: MetricDefinition): TargetType {
  return "target" in definition && definition.target === "SESSION" ? "SESSION" : "TRACE";
}

/** Whether it asks a judge questions. The other kinds only read the trace. */
export function asksQuestions({ kind }: MetricDefinition): boolean {
  return kind === "checklist" || kind === "scale";
}

/** The judge that a definition names, as `provider/model`; `null`: that of the run. */
export function judgeOf(definition: MetricDefinition): string | null {
  return "model" in definition ? (definition.model ?? null) : null;
}

const descriptions: Readonly<Record<MetricKind, string>> = {
  checklist: "Asks a judge yes-or-no questions.",
  scale: "Asks a judge for a value on a scale.",
  tool_sequence: "Compares the agent's tool calls with the expected ones.",
  exact_match: "Compares the output with the expected one.",
  contains: "Looks for texts in the output.",
  json_schema: "Checks the output against a JSON Schema.",
  latency: "Checks how long the trace took.",
  cost: "Checks how much the trace cost.",
  no_errors: "Checks that nothing ended in an error.",
};

export function describeOwnMetric({ name, definition }: OwnMetric): MetricDescription {
  return {
    name,
    description: definition.description ?? descriptions[definition.kind],
    defaultThreshold: definition.threshold ?? 0.5,
  };
}

/** @throws ProblemError `validation_error` for a name that a new metric cannot have. */
export function checkNewMetricName(name: string): void {
  if (!isReservedName(name)) return;
  const msg = `${JSON.stringify(name)} is the name of a built-in metric: choose another name`;
  throw new ProblemError("validation_error", `path.name ${msg}.`, {
    errors: [{ loc: ["path", "name"], msg, type: "invalid" }],
  });
}

/** @param count how many metrics the project has. @throws ProblemError `quota_exceeded` if it may not have another. */
export function checkMetricCount(count: number): void {
  const most = limits.ownMetric.perProject;
  if (count < most) return;
  throw new ProblemError(
    "quota_exceeded",
    `This project has ${count} metrics of its own, and may have ${most}. Delete one that you no longer use.`,
    { retryAfterSeconds: 3600 },
  );
}

/** Whether two definitions are the same, whatever the order of their properties. */
export function isSameDefinition(a: MetricDefinition, b: MetricDefinition): boolean {
  return canonical(a) === canonical(b);
}

function categoryOf(definition: MetricDefinition): "trace" | "session" {
  return targetTypeOf(definition) === "SESSION" ? "session" : "trace";
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/**
 * Describes a metric that runs over such targets can use. A project's own metric overrides a built-in one.
 *
 * @param ownNames the names of the project's own metrics, one of which may be meant if there is none of this name.
 * @throws ProblemError `unknown_metric`
 */
export function resolveMetric(
  type: TargetType,
  name: string,
  own: OwnMetric | undefined,
  ownNames: readonly string[] = [],
): MetricDescription {
  const kind = type === "SESSION" ? "session" : "trace";
  const known = own === undefined ? metricKindOf(name) : categoryOf(own.definition);
  if (known !== kind) throw unknownMetric(kind, name, known, ownNames);
  return own === undefined ? describeMetric(name) : describeOwnMetric(own);
}

export function noOwnMetric(name: string): ProblemError {
  return notFound("metric of your own", name);
}

/** An own metric as a list shows it. */
export function ownMetricItem(metric: StoredOwnMetric): MetricListItem {
  const { name, description, defaultThreshold } = describeOwnMetric(metric);
  return {
    name,
    description,
    category: categoryOf(metric.definition),
    default_threshold: defaultThreshold,
    built_in: false,
    kind: metric.definition.kind,
    model: judgeOf(metric.definition),
    version: metric.version,
    updated_at: metric.updated_at,
  };
}

export function ownMetricResponse(metric: StoredOwnMetric): MetricResponse {
  return { ...ownMetricItem(metric), definition: metric.definition, created_at: metric.created_at };
}

/** The built-in metrics, without those whose names a project uses for its own. */
export function builtInMetricItems(ownNames: readonly string[]): MetricListItem[] {
  return [...listMetrics("trace"), ...listMetrics("session")]
    .filter(({ name }) => !ownNames.includes(name))
    .map(({ name, category }) => builtInItem(name, category));
}

/** `undefined` if there is no such metric that runs can evaluate. */
export function builtInMetricResponse(name: string): MetricResponse | undefined {
  const kind = metricKindOf(name);
  if (kind === undefined || kind === "signal") return undefined;
  return { ...builtInItem(name, kind), definition: null, created_at: null };
}

function builtInItem(name: string, category: string): MetricListItem {
  const { description, defaultThreshold } = describeMetric(name);
  return {
    name,
    description,
    category,
    default_threshold: defaultThreshold,
    built_in: true,
    kind: null,
    model: null,
    version: null,
    updated_at: null,
  };
}
