import { readFile } from "node:fs/promises";
import type * as contract from "@pandaprobe/contract";
import type * as sdk from "@pandaprobe/sdk";
import { expect, it } from "vitest";
import type { Operations } from "../src/generated/operations.ts";
import type { Operation, OperationParameters } from "../src/operation.ts";

type Schema = { readonly _zod: { readonly input: unknown; readonly output: unknown } };
type Sent<S extends Schema> = S["_zod"]["input"];
type Received<S extends Schema> = S["_zod"]["output"];

/** Whether two types are identical, optional and readonly fields included; `any` is identical to itself alone. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the types are identical. */
function equal<A, B>(..._proof: Equal<A, B> extends true ? [] : [never]): true {
  return true;
}

type Routes = contract.Contract;
type Route = Routes[keyof Routes] extends infer Group
  ? Group extends unknown
    ? { [O in keyof Group]: readonly [O, Group[O]] }[keyof Group]
    : never
  : never;
type RouteOf<O> = Extract<Route, readonly [O, unknown]>[1];
type QueryOf<R> = R extends { readonly query: infer S extends Schema } ? Sent<S> : undefined;
type BodyOf<R> = R extends { readonly body: infer S extends Schema }
  ? Exclude<Sent<S>, undefined>
  : undefined;
type Success<R> = R extends { readonly responses: infer All }
  ? All[keyof All & (200 | 201 | 202 | 204)]
  : never;
type ResponseOf<R> = Success<R> extends infer S extends Schema ? Received<S> : undefined;
type ContractOperations = {
  [O in keyof Operations]: {
    query: QueryOf<RouteOf<O>>;
    body: BodyOf<RouteOf<O>>;
    response: ResponseOf<RouteOf<O>>;
  };
};

/** The operations whose method takes what it sends in a way of its own. */
type OwnWay = "getTraceRunTemplate" | "getTraceRun" | "deleteTraceRun" | "getSessionRun" | "deleteSessionRun";
type Methods = Omit<Operations, OwnWay>;
/** What a method takes that is made from the route map: the path's parameters, the body or the query, options. */
type Taken<O extends keyof Operations> = [
  ...OperationParameters<O & Operation>,
  ...Input<Operations[O]["body"]>,
  ...Input<Operations[O]["query"]>,
  sdk.RequestOptions | undefined,
];
type Input<T> = [T] extends [undefined] ? [] : [T | undefined];
type MadeMethods = { [O in keyof Methods]: Required<Parameters<sdk.PandaProbe[O]>>["length"] };
type RouteLengths = { [O in keyof Methods]: Taken<O>["length"] };
type Fits = { [O in keyof Methods]: Parameters<sdk.PandaProbe[O]> extends Partial<Taken<O>> ? true : O };
type Given = { [O in keyof Operations]: Awaited<ReturnType<sdk.PandaProbe[O]>> };

const pinned = {
  CreateBatchEvalRunRequest: equal<
    sdk.CreateBatchEvalRunRequest,
    Sent<typeof contract.CreateBatchEvalRunRequest>
  >(),
  CreateBatchSessionEvalRunRequest: equal<
    sdk.CreateBatchSessionEvalRunRequest,
    Sent<typeof contract.CreateBatchSessionEvalRunRequest>
  >(),
  CreateEvalRunRequest: equal<sdk.CreateEvalRunRequest, Sent<typeof contract.CreateEvalRunRequest>>(),
  CreateSessionEvalRunRequest: equal<
    sdk.CreateSessionEvalRunRequest,
    Sent<typeof contract.CreateSessionEvalRunRequest>
  >(),
  CreateTraceScoreRequest: equal<
    sdk.CreateTraceScoreRequest,
    Sent<typeof contract.CreateTraceScoreRequest>
  >(),
  DeleteSessionRunQuery: equal<
    sdk.DeleteSessionRunQuery,
    Sent<Routes["sessionRuns"]["deleteSessionRun"]["query"]>
  >(),
  DeleteTraceRunQuery: equal<sdk.DeleteTraceRunQuery, Sent<Routes["traceRuns"]["deleteTraceRun"]["query"]>>(),
  EvalRunFilters: equal<sdk.EvalRunFilters, Sent<typeof contract.EvalRunFilters>>(),
  EvalRunPage: equal<sdk.EvalRunPage, Received<typeof contract.EvalRunPage>>(),
  EvalRunResponse: equal<sdk.EvalRunResponse, Received<typeof contract.EvalRunResponse>>(),
  EvalRunTemplate: equal<sdk.EvalRunTemplate, Received<typeof contract.EvalRunTemplate>>(),
  EvaluationStatus: equal<sdk.EvaluationStatus, Received<typeof contract.EvaluationStatus>>(),
  GetSessionQuery: equal<sdk.GetSessionQuery, Sent<Routes["sessions"]["getSession"]["query"]>>(),
  GetSessionRunScoresQuery: equal<
    sdk.GetSessionRunScoresQuery,
    Sent<Routes["sessionRuns"]["getSessionRunScores"]["query"]>
  >(),
  GetTraceRunScoresQuery: equal<
    sdk.GetTraceRunScoresQuery,
    Sent<Routes["traceRuns"]["getTraceRunScores"]["query"]>
  >(),
  GetTraceRunTemplateQuery: equal<
    sdk.GetTraceRunTemplateQuery,
    Sent<Routes["traceRuns"]["getTraceRunTemplate"]["query"]>
  >(),
  Health: equal<sdk.Health, Received<typeof contract.Health>>(),
  ListSessionRunsQuery: equal<
    sdk.ListSessionRunsQuery,
    Sent<Routes["sessionRuns"]["listSessionRuns"]["query"]>
  >(),
  ListSessionsQuery: equal<sdk.ListSessionsQuery, Sent<Routes["sessions"]["listSessions"]["query"]>>(),
  ListTraceRunsQuery: equal<sdk.ListTraceRunsQuery, Sent<Routes["traceRuns"]["listTraceRuns"]["query"]>>(),
  ListTraceScoresQuery: equal<
    sdk.ListTraceScoresQuery,
    Sent<Routes["traceScores"]["listTraceScores"]["query"]>
  >(),
  ListTracesQuery: equal<sdk.ListTracesQuery, Sent<Routes["traces"]["listTraces"]["query"]>>(),
  MetricInfo: equal<sdk.MetricInfo, Received<typeof contract.MetricInfo>>(),
  MetricSummary: equal<sdk.MetricSummary, Received<typeof contract.MetricSummary>>(),
  Problem: equal<sdk.Problem, Received<typeof contract.Problem>>(),
  ProblemError: equal<sdk.ProblemError, Received<typeof contract.ProblemError>>(),
  PromptPreview: equal<sdk.PromptPreview, Received<typeof contract.PromptPreview>>(),
  ProviderInfo: equal<sdk.ProviderInfo, Received<typeof contract.ProviderInfo>>(),
  RetryEvalRunRequest: equal<sdk.RetryEvalRunRequest, Sent<typeof contract.RetryEvalRunRequest>>(),
  ScoreDataType: equal<sdk.ScoreDataType, Received<typeof contract.ScoreDataType>>(),
  ScoreSource: equal<sdk.ScoreSource, Received<typeof contract.ScoreSource>>(),
  ScoreStatus: equal<sdk.ScoreStatus, Received<typeof contract.ScoreStatus>>(),
  SessionDetail: equal<sdk.SessionDetail, Received<typeof contract.SessionDetail>>(),
  SessionEvalRunFilters: equal<sdk.SessionEvalRunFilters, Sent<typeof contract.SessionEvalRunFilters>>(),
  SessionPage: equal<sdk.SessionPage, Received<typeof contract.SessionPage>>(),
  SessionScoreResponse: equal<sdk.SessionScoreResponse, Received<typeof contract.SessionScoreResponse>>(),
  SessionSortBy: equal<sdk.SessionSortBy, Received<typeof contract.SessionSortBy>>(),
  SessionSummary: equal<sdk.SessionSummary, Received<typeof contract.SessionSummary>>(),
  SignalWeights: equal<sdk.SignalWeights, Sent<typeof contract.SignalWeights>>(),
  SortOrder: equal<sdk.SortOrder, Received<typeof contract.SortOrder>>(),
  SpanCreate: equal<sdk.SpanCreate, Sent<typeof contract.SpanCreate>>(),
  SpanKind: equal<sdk.SpanKind, Received<typeof contract.SpanKind>>(),
  SpanResponse: equal<sdk.SpanResponse, Received<typeof contract.SpanResponse>>(),
  SpanStatusCode: equal<sdk.SpanStatusCode, Received<typeof contract.SpanStatusCode>>(),
  TraceAccepted: equal<sdk.TraceAccepted, Received<typeof contract.TraceAccepted>>(),
  TraceCreate: equal<sdk.TraceCreate, Sent<typeof contract.TraceCreate>>(),
  TraceListItem: equal<sdk.TraceListItem, Received<typeof contract.TraceListItem>>(),
  TracePage: equal<sdk.TracePage, Received<typeof contract.TracePage>>(),
  TraceResponse: equal<sdk.TraceResponse, Received<typeof contract.TraceResponse>>(),
  TraceScorePage: equal<sdk.TraceScorePage, Received<typeof contract.TraceScorePage>>(),
  TraceScoreResponse: equal<sdk.TraceScoreResponse, Received<typeof contract.TraceScoreResponse>>(),
  TraceSortBy: equal<sdk.TraceSortBy, Received<typeof contract.TraceSortBy>>(),
  TraceStatus: equal<sdk.TraceStatus, Received<typeof contract.TraceStatus>>(),
  UpdateTraceScoreRequest: equal<
    sdk.UpdateTraceScoreRequest,
    Sent<typeof contract.UpdateTraceScoreRequest>
  >(),
};

it("pins what every operation takes and gives equal to the contract's", () => {
  expect(equal<Operations, ContractOperations>()).toBe(true);
});

it("declares each method as the route map makes it", () => {
  expect(equal<MadeMethods, RouteLengths>()).toBe(true);
  expect(equal<Fits[keyof Fits], true>()).toBe(true);
  expect(equal<Given, { [O in keyof Operations]: Operations[O]["response"] }>()).toBe(true);
});

it("pins every generated type equal to the contract's", async () => {
  const source = await readFile(new URL("../src/generated/types.ts", import.meta.url), "utf8");
  const names = [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);
  expect(Object.keys(pinned)).toEqual(names);
});
