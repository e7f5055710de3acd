import type { SessionScoreResponse, TraceResponse, TraceScoreResponse } from "@pandaprobe/sdk";
import type { ExportKind } from "./export-settings.ts";

type Columns<Row> = Readonly<Record<keyof Row, true>>;

/** Typed so that a new field of the contract breaks the build here. */
const traceColumns: Columns<TraceResponse> = {
  trace_id: true,
  name: true,
  status: true,
  started_at: true,
  ended_at: true,
  session_id: true,
  user_id: true,
  tags: true,
  environment: true,
  release: true,
  total_tokens: true,
  total_cost: true,
  unpriced_spans: true,
  input: true,
  output: true,
  metadata: true,
  spans: true,
  project_id: true,
};
const commonScoreColumns = {
  name: true,
  data_type: true,
  value: true,
  status: true,
  source: true,
  author_user_id: true,
  reason: true,
  eval_run_id: true,
  stale: true,
  judged: true,
  metadata: true,
  created_at: true,
  updated_at: true,
  project_id: true,
} as const;
const traceScoreColumns: Columns<TraceScoreResponse> = {
  id: true,
  trace_id: true,
  ...commonScoreColumns,
  environment: true,
  config_id: true,
};
const sessionScoreColumns: Columns<SessionScoreResponse> = {
  id: true,
  session_id: true,
  ...commonScoreColumns,
};

/** The columns, in order. */
export const csvColumns: Readonly<Record<ExportKind, readonly string[]>> = {
  traces: Object.keys(traceColumns),
  scores: Object.keys(traceScoreColumns),
  "session-scores": Object.keys(sessionScoreColumns),
};

/** One record in the format of RFC 4180. Lists and objects are JSON, and `null` is an empty field. */
export function csvRecord(values: readonly unknown[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? withoutFormula(value) : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Spreadsheets run text that begins like a formula, and traces contain text from strangers. A plain number is safe. */
function withoutFormula(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}
