import type { Exchange } from "./transcript.ts";

/*
 * The parts of responses that must be equal on both sides, field by field. What differs by nature is left out: ids,
 * times, scores (scripted on the mock server), costs, and the number of polls until a run ended.
 */

type Fields = Readonly<Record<string, unknown>>;

const comparedHeaders = [
  "content-type",
  "idempotency-replayed",
  "retry-after",
  "allow",
  "warning",
  "www-authenticate",
];
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const time = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;
/** The start of a JSON list with a text, in base64: it holds ids and keys. */
const cursor = /Wy[IJ][\w-]{20,}/g;
const monthMs = 31 * 24 * 3_600_000;

/** Fields that only the server can fill: costs, prompts, its version. */
const hidden = new Set(["usage", "waiting_for", "prompt_preview", "version", "bytes"]);
const apiKey = /sk_pp_[0-9a-f]+/g;

/** Operations whose numbers and order depend on the judge. */
const ofJudgedNumbers = /^getSessionScore(Summary|Trend|Distribution|History|Comparison)$/;
/** Depends on how the server was started. */
const ofSettings = /^getSettings$/;
const listsOfRuns = /^list(Trace|Session|Monitor)Runs$/;
const polls = /^get(Trace|Session)Run$/;
const estimates = /^estimate/;

/** The exchanges of a behaviour, in a form that can be compared with the other side. */
export function comparable(exchanges: readonly Exchange[]): unknown[] {
  const ids = new Map<string, string>();
  return exchanges
    .filter((exchange) => !isEarlyPoll(exchange))
    .filter((exchange, n, all) => !isRepeatedPoll(exchange, all[n - 1]))
    .map((exchange) => comparableExchange(exchange, ids));
}

function isEarlyPoll({ operation, answer }: Exchange): boolean {
  const { status } = fieldsOf(answer?.body);
  return polls.test(operation ?? "") && (status === "PENDING" || status === "RUNNING");
}

/** A run may end before the first poll or after it, so a client may see its end twice. */
function isRepeatedPoll({ operation, path, answer }: Exchange, previous: Exchange | undefined): boolean {
  return polls.test(operation ?? "") && path === previous?.path && answer?.status === previous.answer?.status;
}

function comparableExchange(
  { operation = "", method, path, answer }: Exchange,
  ids: Map<string, string>,
): unknown {
  const { status, headers, body } = answer ?? {};
  const isText = typeof body === "string" && body !== "";
  return {
    request: `${method} ${alikeText(decodeURIComponent(path), ids)}`,
    status,
    headers: comparedHeaders.map((name) => `${name}: ${headers?.get(name)}`),
    body: isText
      ? "a text"
      : ofJudgedNumbers.test(operation)
        ? shapeOf(body)
        : ofSettings.test(operation)
          ? Object.keys(fieldsOf(body)).sort()
          : alike(withoutProgress(operation, body), /[?&](limit|offset)=/.test(path), ids),
  };
}

/** Leaves out the progress of the runs in a list, because some may not have ended. */
function withoutProgress(operation: string, body: unknown): unknown {
  const { items, ...page } = fieldsOf(body);
  if (estimates.test(operation)) {
    const { calls: _c, cached_calls: _k, input_tokens: _i, output_tokens: _o, ...rest } = fieldsOf(body);
    return Array.isArray(items) ? body : rest;
  }
  // The default model is a setting of the server.
  if (operation === "getTraceRunTemplate") return { ...fieldsOf(body), model: "…" };
  if (!listsOfRuns.test(operation) || !Array.isArray(items)) return body;
  return {
    ...page,
    items: items.map((run: Fields) => ({
      ...run,
      status: "…",
      evaluated_count: "…",
      failed_count: "…",
      completed_at: "…",
    })),
  };
}

function alike(value: unknown, isPage: boolean, ids: Map<string, string>): unknown {
  if (typeof value === "string") return alikeText(value, ids);
  if (Array.isArray(value)) {
    if (!value.some(isJudged)) return value.map((item) => alike(item, isPage, ids));
    // Items are judged concurrently, so the order of scores is chance.
    if (isPage) return `${value.length} judged`;
    const scores = value.map((item) => [placeOf(fieldsOf(item), ids), item] as const);
    scores.sort(([a], [b]) => (a < b ? -1 : 1));
    return scores.map(([, score]) => alike(score, isPage, ids));
  }
  if (typeof value !== "object" || value === null) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(
    names.map((name) => [alikeText(name, ids), alike(fieldOf(value as Fields, name), isPage, ids)]),
  );
}

function fieldOf(fields: Fields, name: string): unknown {
  const value = fields[name];
  if (hidden.has(name)) return "…";
  if (name === "judged") return alikeJudged(value);
  if (!isJudged(fields) || value === null) return value;
  if (name === "metadata") return { threshold: fieldsOf(value)["threshold"] };
  return name === "value" || name === "reason" ? "…" : value;
}

/** The judge's score before a person corrected it. */
function alikeJudged(value: unknown): unknown {
  return value === null ? null : { ...fieldsOf(value), value: "…", reason: "…" };
}

/** Whether it is a score by a judge, or the result of trying a metric. */
function isJudged(value: unknown): boolean {
  const fields = fieldsOf(value);
  return fields["source"] === "AUTOMATED" || ("reason" in fields && "usage" in fields);
}

function placeOf({ name, trace_id, session_id, eval_run_id }: Fields, ids: Map<string, string>): string {
  return alikeText([name, trace_id, session_id, eval_run_id].join(" "), ids);
}

/** Numbers ids in the order in which they first occur, and replaces recent times. */
function alikeText(text: string, ids: Map<string, string>): string {
  return (
    text
      .replace(uuid, (id) => {
        const known = ids.get(id.toLowerCase()) ?? `id ${ids.size + 1}`;
        ids.set(id.toLowerCase(), known);
        return known;
      })
      .replace(apiKey, "sk_pp_…")
      .replace(cursor, "a cursor")
      // A held run may or may not have started.
      .replace(/still (PENDING|RUNNING)/, "still going on")
      .replace(time, (at) => (Math.abs(Date.parse(at) - Date.now()) < monthMs ? "now" : at))
  );
}

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shapeOf(item)]));
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
