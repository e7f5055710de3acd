import { describe, expect, test } from "vitest";
import { described } from "./support/open-api.ts";
import { publishedSchema, type WireField, type WireFields, wire, wireField } from "./support/wire-schemas.ts";

/*
 * Compares the contract with the tables of the public wire format. Differences are listed here with their reasons. An
 * unlisted difference fails, and so does a listed one that no longer exists.
 */

/** Additional fields of responses and requests, which clients of the wire format do not notice. */
const additions: Readonly<Record<string, string>> = {
  "TraceAccepted.warnings": "ours: what was too large to be stored completely",
  "SpansAccepted.warnings": "ours",
  "ScoreSummaryItem.pass_count": "ours",
  "ScoreSummaryItem.graded_count": "ours",
  "ScoreSummaryItem.not_applicable_count": "ours",
  "ScoreSummaryItem.group": "ours: with `group_by`",
  "ScoreTrendItem.group": "ours: with `group_by`",
  "ScoreDistributionItem.group": "ours: with `group_by`",
  ...queryAdditions(),
  "TracePage.next_cursor": "ours",
  "SessionPage.next_cursor": "ours",
  "UserPage.next_cursor": "ours",
  "TraceScoreResponse.judged": "ours: the judge's score before a correction",
  "TraceScoreResponse.stale": "ours: whether the trace changed after it was judged",
  "SessionScoreResponse.judged": "ours: the judge's score before a correction",
  "SessionScoreResponse.stale": "ours: whether the session changed after it was judged",
  "CreateTraceScoreRequest.author_user_id": "ours: who gives the score",
  "UpdateTraceScoreRequest.author_user_id": "ours: who changes the score",
  "GET /evaluations/trace-scores.prefer": "ours: people's scores before newer ones",
  "GET /evaluations/trace-scores.trace_ids": "ours: the scores of many traces",
  "GET /evaluations/trace-scores.latest": "ours: one score of each name",
  "GET /evaluations/trace-scores/{trace_id}.prefer": "ours",
  "GET /evaluations/session-scores.prefer": "ours",
  "GET /evaluations/session-scores.session_ids": "ours: the scores of many sessions",
  "GET /evaluations/session-scores.latest": "ours: one score of each name",
  "GET /evaluations/session-scores/{session_id}.prefer": "ours",
  "GET /evaluations/trace-runs/{run_id}/scores.prefer": "ours",
  "GET /evaluations/session-runs/{run_id}/scores.prefer": "ours",
  "EvalRunResponse.total_targets": "the name that other clients of this API read",
  "TraceResponse.total_tokens": "as in a list's items",
  "TraceResponse.total_cost": "as in a list's items",
  "TraceResponse.unpriced_spans": "ours",
  "TraceListItem.unpriced_spans": "ours",
  "SessionSummary.unpriced_spans": "ours",
  "SessionDetail.unpriced_spans": "ours",
  "TokenCostBucket.unpriced_spans": "ours",
  "TopModel.unpriced_spans": "ours",
  "EvalRunFilters.environment": "ours",
  "EvalRunFilters.release": "ours",
  "SessionEvalRunFilters.environment": "ours",
  "SessionEvalRunFilters.release": "ours",
  "SessionEvalRunFilters.trace_name": "ours",
  "CreateEvalRunRequest.thresholds": "ours",
  "CreateBatchEvalRunRequest.thresholds": "ours",
  "GET /traces.environment": "ours",
  "GET /traces.release": "ours",
  "GET /evaluations/trace-runs/{run_id}/scores.limit": "ours: without it, all of them",
  "GET /evaluations/trace-runs/{run_id}/scores.offset": "ours",
  "CreateSessionEvalRunRequest.thresholds": "ours",
  "CreateBatchSessionEvalRunRequest.thresholds": "ours",
  "GET /evaluations/session-runs/{run_id}/scores.limit": "ours: without it, all of them",
  "GET /evaluations/session-runs/{run_id}/scores.offset": "ours",
  "CreateMonitorRequest.timezone": "ours",
  "UpdateMonitorRequest.timezone": "ours",
  "MonitorResponse.timezone": "ours",
  "EvalRunResponse.metric_versions": "ours",
  "EvalRunResponse.usage": "ours",
  "EvalRunResponse.waiting_for": "ours",
  "CreateEvalRunRequest.fresh": "ours",
  "CreateBatchEvalRunRequest.fresh": "ours",
  "CreateSessionEvalRunRequest.fresh": "ours",
  "CreateBatchSessionEvalRunRequest.fresh": "ours",
  "RetryEvalRunRequest.fresh": "ours",
  "CreateEvalRunRequest.max_cost_usd": "ours",
  "CreateBatchEvalRunRequest.max_cost_usd": "ours",
  "CreateSessionEvalRunRequest.max_cost_usd": "ours",
  "CreateBatchSessionEvalRunRequest.max_cost_usd": "ours",
  "EvalRunResponse.max_cost_usd": "ours",
  "CreateMonitorRequest.max_cost_usd": "ours",
  "UpdateMonitorRequest.max_cost_usd": "ours",
  "MonitorResponse.max_cost_usd": "ours",
  "MonitorResponse.stretched_to_seconds": "ours",
  "CreateEvalRunRequest.repeats": "ours",
  "CreateEvalRunRequest.judges": "ours",
  "CreateEvalRunRequest.aggregate": "ours",
  "CreateBatchEvalRunRequest.repeats": "ours",
  "CreateBatchEvalRunRequest.judges": "ours",
  "CreateBatchEvalRunRequest.aggregate": "ours",
  "CreateSessionEvalRunRequest.repeats": "ours",
  "CreateSessionEvalRunRequest.judges": "ours",
  "CreateSessionEvalRunRequest.aggregate": "ours",
  "CreateBatchSessionEvalRunRequest.repeats": "ours",
  "CreateBatchSessionEvalRunRequest.judges": "ours",
  "CreateBatchSessionEvalRunRequest.aggregate": "ours",
  "RetryEvalRunRequest.repeats": "ours",
  "RetryEvalRunRequest.judges": "ours",
  "RetryEvalRunRequest.aggregate": "ours",
  "EvalRunResponse.repeats": "ours",
  "EvalRunResponse.judges": "ours",
  "EvalRunResponse.aggregate": "ours",
  "CreateMonitorRequest.repeats": "ours",
  "CreateMonitorRequest.judges": "ours",
  "CreateMonitorRequest.aggregate": "ours",
  "UpdateMonitorRequest.repeats": "ours",
  "UpdateMonitorRequest.judges": "ours",
  "UpdateMonitorRequest.aggregate": "ours",
  "MonitorResponse.repeats": "ours",
  "MonitorResponse.judges": "ours",
  "MonitorResponse.aggregate": "ours",
};

/** The filters of scores by their trace and judge, which are ours wherever scores are read. */
function queryAdditions(): Record<string, string> {
  const ofTrace = ["release", "tags", "user_id", "trace_name"];
  const byScorer = ["source", "model", "eval_run_id"];
  const filters = [...ofTrace, "environment", ...byScorer];
  const grouped = ["trace-scores", "session-scores"].flatMap((scores) =>
    ["summary", "trend", "distribution"].map((answer) => `analytics/${scores}/${answer}`),
  );
  const endpoints = {
    "trace-scores": [...ofTrace, "model", "author_user_id"],
    "session-scores": [...ofTrace, "environment", "model", "author_user_id"],
    "analytics/session-scores/comparison": [...filters, "prefer"],
    "analytics/session-scores/history/{session_id}": [...byScorer, "prefer"],
    ...Object.fromEntries(grouped.map((path) => [path, [...filters, "prefer", "group_by"]])),
  };
  const sessions = ["release", "environment", "trace_name", ...byScorer];
  const names = Object.entries(endpoints).flatMap(([path, fields]) =>
    fields.map((field) => `GET /evaluations/${path}.${field}`),
  );
  names.push(...sessions.map((field) => `GET /sessions.${field}`));
  for (const scores of ["trace-scores", "session-scores"])
    names.push(...["value_min", "value_max"].map((bound) => `GET /evaluations/${scores}.${bound}`));
  for (const list of ["/traces", "/traces/users", "/sessions"])
    names.push(...["cursor", "total"].map((field) => `GET ${list}.${field}`));
  return Object.fromEntries(names.map((name) => [name, "ours"]));
}

/** Fields that differ in form from the tables, or are stricter. */
const deviations: Readonly<Record<string, string>> = {
  "TraceCreate.status": "the default applies to inserts alone, so it is the server's and not the schema's",
  "SpanCreate.kind": "likewise",
  "SpanCreate.status": "likewise",
  "CreateTraceScoreRequest.name":
    "the documentation asks for a name; 255 characters are the most of any label",
  "CreateTraceScoreRequest.source": "only runs make AUTOMATED scores",
  "CreateSessionEvalRunRequest.signal_weights":
    "numbers from 0 on, for the four signals: a schema of its own",
  "CreateBatchSessionEvalRunRequest.signal_weights": "likewise",
  "CreateMonitorRequest.signal_weights": "likewise",
  "UpdateMonitorRequest.signal_weights": "likewise",
  "CreateMonitorRequest.target_type": "one of two values",
  "UpdateMonitorRequest.metrics": "a monitor without metrics would do nothing",
  "SessionScoreHistoryItem.eval_run_id": "a string that is a uuid",
  "SessionComparisonItem.eval_run_id": "a string that is a uuid",
  "GET /evaluations/analytics/trace-scores/trend.metric_name": "as long as a score's name may be",
  "GET /evaluations/analytics/trace-scores/distribution.metric_name": "likewise",
  "GET /evaluations/analytics/session-scores/trend.metric_name": "likewise",
  "GET /evaluations/analytics/session-scores/distribution.metric_name": "likewise",
  "GET /evaluations/analytics/session-scores/history/{session_id}.metric_name": "likewise",
  "GET /evaluations/analytics/session-scores/comparison.metric_name": "likewise",
  "GET /evaluations/analytics/session-scores/comparison.sort_order": "asc or desc, as everywhere",
};

const requests = /(Request|Filters|Create|Update)$/;

/** Describes how ours differs from the table's; `undefined` where a client cannot tell them apart. */
function difference(table: WireField, ours: WireField, isRequest: boolean): string | undefined {
  const [expected, actual] = [comparable(table, isRequest), comparable(ours, isRequest)];
  // A string in a response may have a narrower type.
  if (!isRequest && /^string\b/.test(table.type))
    actual["type"] = String(actual["type"]).replace(/^[A-Z]\w*/, "string");
  // Everything in a request is limited (limits.test.ts), even if the tables name no limit.
  for (const bound of ["maxLength", "maxItems"]) if (isRequest && !(bound in expected)) delete actual[bound];
  // A response may always contain an optional field.
  if (!isRequest && ours.required === true) expected["required"] = true;
  const text = (field: object) => JSON.stringify(field, Object.keys(field).sort());
  return text(expected) === text(actual) ? undefined : `${text(expected)} is ${text(actual)}`;
}

function comparable({ type, ...rest }: WireField, isRequest: boolean): Record<string, unknown> {
  const { default: _, ...bounds } = rest;
  // In the tables, times in responses and filters are strings.
  return { type: type.replace("date-time", "string"), ...(isRequest ? rest : bounds) };
}

function compare(name: string, table: WireFields, ours: WireFields, isRequest: boolean): string[] {
  const missing = Object.keys(table).filter((field) => !(field in ours));
  expect(missing, `${name} lacks fields`).toEqual([]);
  return Object.entries(table).flatMap(([field, expected]) => {
    const actual = ours[field];
    const found = actual === undefined ? undefined : difference(expected, actual, isRequest);
    return found === undefined ? [] : [`${name}.${field}: ${found}`];
  });
}

function fieldsOf(name: string): WireFields | undefined {
  const schema = publishedSchema(name);
  if (schema === undefined) return undefined;
  const { properties = {}, required = [] } = schema;
  return Object.fromEntries(
    Object.entries(properties).map(([field, property]) => [
      field,
      wireField(property, required.includes(field)),
    ]),
  );
}

function queryOf(endpoint: string): WireFields | undefined {
  const anonymous = endpoint.replace(/\{\w+\}/g, "{}");
  const found = described.find(
    ({ method, path }) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, "{}")}` === anonymous,
  );
  if (found === undefined) return undefined;
  const query = (found.operation.parameters ?? []).filter((parameter) => parameter.in === "query");
  return Object.fromEntries(query.map(({ name, required, schema }) => [name, wireField(schema, required)]));
}

/** A query has no null: the parameter is left out. */
function asQuery(table: WireFields): WireFields {
  return Object.fromEntries(
    Object.entries(table).map(([name, field]) => [
      name,
      { ...field, type: field.type.replace(" | null", "") },
    ]),
  );
}

const schemas = Object.entries(wire.schemas).map(([name, table]) => ({
  name,
  table,
  ours: fieldsOf(name),
  isRequest: requests.test(name),
}));
const queries = Object.entries(wire.queries).map(([name, table]) => ({
  name,
  table: asQuery(table),
  ours: queryOf(name),
  isRequest: true,
}));
const compared = [...schemas, ...queries].flatMap(({ name, table, ours, isRequest }) =>
  ours === undefined ? [] : [{ name, table, ours, isRequest }],
);

/** The listed fields of schemas and endpoints that exist. */
function known(list: Readonly<Record<string, string>>): string[] {
  const names = new Set(compared.map(({ name }) => name));
  return Object.keys(list).filter((key) => names.has(key.slice(0, key.lastIndexOf("."))));
}

test("every schema of the tables is published", () => {
  expect(schemas.filter(({ ours }) => ours === undefined).map(({ name }) => name)).toEqual([]);
});

test("every endpoint of the tables exists", () => {
  expect(queries.filter(({ ours }) => ours === undefined).map(({ name }) => name)).toEqual([]);
});

test("differences are listed, with their reasons", () => {
  const found = compared.flatMap(({ name, table, ours, isRequest }) => compare(name, table, ours, isRequest));
  const unlisted = found.filter((line) => !((line.split(":")[0] ?? "") in deviations));
  expect(unlisted).toEqual([]);
  const differing = found.map((line) => line.split(":")[0]);
  expect(known(deviations).filter((field) => !differing.includes(field))).toEqual([]);
});

test("additions to the tables are listed, with their reasons", () => {
  const added = compared.flatMap(({ name, table, ours }) =>
    Object.keys(ours)
      .filter((field) => !(field in table))
      .map((field) => `${name}.${field}`),
  );
  expect(added.sort()).toEqual(known(additions).sort());
});

describe("the enum", () => {
  const published = Object.entries(wire.enums).filter(([name]) => publishedSchema(name) !== undefined);
  test.each(published)("%s has the values of the tables", (name, values) => {
    expect([...(publishedSchema(name)?.enum ?? [])].sort()).toEqual([...values].sort());
  });
});
