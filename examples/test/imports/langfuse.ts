/*
 * One trace of Langfuse in each form of its exports. Fields of the blob storage export: Langfuse's "Blob storage export field
 * reference". Fields of the API: `TraceWithFullDetails`, `ObservationsView` and `ScoreV1` of `@langfuse/core` 5.11.
 */

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const question = [{ role: "user", content: "Weather in Paris?" }];
const answer = { role: "assistant", content: "Take an umbrella." };
const weatherTool = { description: "The weather of a city.", parameters: { type: "object" } };

/** `traces/`, a folder of the older export. */
export const traces = [
  {
    id: traceId,
    timestamp: "2026-03-01 09:00:00.000000",
    name: "support-agent",
    environment: "production",
    project_id: "p-1",
    metadata: { case: "weather" },
    user_id: "42",
    session_id: "s-1",
    release: "v1",
    version: "7",
    public: false,
    bookmarked: false,
    tags: ["beta"],
    input: JSON.stringify({ messages: question }),
    output: "Take an umbrella.",
    created_at: "2026-03-01 09:00:04.000000",
    updated_at: "2026-03-01 09:00:04.000000",
  },
];

const common = { trace_id: traceId, project_id: "p-1", environment: "production", level: "DEFAULT" };
const modelCall = {
  provided_model_name: "gpt-5.4",
  model_parameters: '{"temperature":0.5}',
  usage_details: { input: 10, output: 5, total: 15, input_cached_tokens: 4 },
  cost_details: { input: 0.001, output: 0.002, total: 0.003 },
  total_cost: 0.003,
};

interface Observation {
  readonly id: string;
  readonly start_time: string;
  readonly end_time: string | null;
  readonly parent_observation_id: string | null;
  readonly input: string;
  readonly output: string | null;
  readonly status_message: string | null;
  readonly completion_start_time?: string | null;
  readonly provided_model_name?: string | null;
  readonly model_parameters?: string | null;
  readonly [other: string]: unknown;
}

/** `observations/`, the steps of the older export. */
export const observations: readonly Observation[] = [
  {
    ...common,
    id: "00f067aa0ba902b7",
    type: "AGENT",
    parent_observation_id: null,
    start_time: "2026-03-01 09:00:00.000000",
    end_time: "2026-03-01 09:00:03.000000",
    name: "support-agent",
    metadata: {},
    status_message: null,
    input: JSON.stringify({ messages: question }),
    output: "Take an umbrella.",
    provided_model_name: null,
    model_parameters: null,
    usage_details: {},
    cost_details: {},
    completion_start_time: null,
    tool_definitions: {},
  },
  {
    ...common,
    ...modelCall,
    id: "00f067aa0ba902b8",
    type: "GENERATION",
    parent_observation_id: "00f067aa0ba902b7",
    start_time: "2026-03-01 09:00:00.100250",
    end_time: "2026-03-01 09:00:01.000000",
    completion_start_time: "2026-03-01 09:00:00.400000",
    name: "chat",
    metadata: { step: "1" },
    status_message: null,
    input: JSON.stringify(question),
    output: JSON.stringify(answer),
    prompt_name: "support",
    prompt_version: 3,
    tool_definitions: { get_weather: JSON.stringify(weatherTool) },
  },
  {
    ...common,
    id: "00f067aa0ba902b9",
    type: "TOOL",
    parent_observation_id: "00f067aa0ba902b7",
    start_time: "2026-03-01 09:00:01.100000",
    end_time: "2026-03-01 09:00:02.000000",
    name: "get_weather",
    metadata: {},
    level: "ERROR",
    status_message: "No such city.",
    input: '{"city":"Paris","order":725653563933458432}',
    output: null,
  },
  {
    ...common,
    id: "an-id-of-our-own",
    type: "EVENT",
    parent_observation_id: "00f067aa0ba902b7",
    start_time: "2026-03-01 09:00:02.100000",
    end_time: null,
    name: "cache miss",
    metadata: {},
    level: "WARNING",
    status_message: "cold",
    input: "42",
    output: null,
  },
];

/** `observations_v2/`, the newer export: without `traces/`, and with empty texts where there is nothing. */
export const enriched = observations.map((row) => ({
  ...row,
  parent_observation_id: row.parent_observation_id ?? "",
  output: row.output ?? "",
  status_message: row.status_message ?? "",
  trace_name: "support-agent",
  user_id: "42",
  session_id: "s-1",
  release: "v1",
  tags: ["beta"],
  bookmarked: false,
  public: false,
}));

const score = {
  timestamp: "2026-03-02 10:00:00.000000",
  project_id: "p-1",
  environment: "production",
  trace_id: traceId as string | null,
  observation_id: null as string | null,
  session_id: null as string | null,
  dataset_run_id: null,
  source: "API",
  comment: null as string | null,
  string_value: null as string | null,
};

/** `scores/`, of both exports. */
export const scores = [
  {
    ...score,
    id: "sc-1",
    name: "accuracy",
    data_type: "NUMERIC",
    value: 0.85,
    source: "EVAL",
    comment: "Right.",
  },
  { ...score, id: "sc-2", name: "stars", data_type: "NUMERIC", value: 4 },
  {
    ...score,
    id: "sc-3",
    name: "tone",
    data_type: "CATEGORICAL",
    value: 2,
    string_value: "curt",
    source: "ANNOTATION",
  },
  { ...score, id: "sc-4", name: "done", data_type: "BOOLEAN", value: 1, string_value: "True" },
  { ...score, id: "sc-5", name: "remark", data_type: "TEXT", value: 0, string_value: "x".repeat(300) },
  {
    ...score,
    id: "sc-6",
    name: "right tool",
    data_type: "BOOLEAN",
    value: 0,
    observation_id: "00f067aa0ba902b9",
  },
  {
    ...score,
    id: "sc-7",
    name: "resolved",
    data_type: "NUMERIC",
    value: 1,
    trace_id: null,
    session_id: "s-1",
  },
];

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const inCamelCase = (row: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value]));
const iso = (time: string | null) => time && `${time.replace(" ", "T")}Z`;
/** As Langfuse gives it: with all digits. */
const parsed = (text: string | null | undefined) =>
  /^[[{]/.test(text ?? "") ? JSON.parse((text ?? "").replace(/\d{17,}/, '"$&"')) : text;

/** `GET /api/public/traces/{id}`: content is parsed, and the trace holds its observations and scores. */
export const fromApi = traces.map((trace) => ({
  ...inCamelCase(trace),
  timestamp: iso(trace.timestamp),
  input: parsed(trace.input),
  latency: 3,
  totalCost: 0.003,
  htmlPath: `/project/p-1/traces/${traceId}`,
  observations: observations.map((row) => ({
    ...inCamelCase(row),
    startTime: iso(row.start_time),
    endTime: iso(row.end_time),
    completionStartTime: iso(row.completion_start_time ?? null),
    input: parsed(row.input),
    output: parsed(row.output),
    model: row.provided_model_name ?? null,
    modelParameters: parsed(row.model_parameters),
  })),
  scores: scores
    .filter((each) => each.trace_id !== null)
    .map((each) => ({ ...inCamelCase(each), timestamp: iso(each.timestamp) })),
}));
