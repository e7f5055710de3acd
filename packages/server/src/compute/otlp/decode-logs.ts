import { createHash } from "node:crypto";
import type { OtelTime } from "@pandaprobe/contract/otel";
import { type OtelEvaluation, type OtelMessage, Rejections, readLogs } from "@pandaprobe/contract/rules";
import { v7 as uuidv7 } from "uuid";
import { storableText, toJson } from "../../db/storable.ts";
import { latestMasking } from "../mask-body.ts";
import type { DecodeTask } from "./decode-traces.ts";
import { maskEvaluation, maskMessage } from "./mask-parts.ts";
import { readBody } from "./read-body.ts";

/** The events and messages of a request, ready to be stored. */
export interface DecodedLogs {
  readonly projects: readonly DecodedProjectLogs[];
  readonly rejected: number;
  /** Why log records were rejected, a few sentences at most. */
  readonly reasons: readonly string[];
}

export interface DecodedProjectLogs {
  readonly name: string;
  readonly events: readonly DecodedEvent[];
  readonly messages: readonly DecodedMessage[];
}

/** A row of `otel_events`. */
export interface DecodedEvent {
  readonly trace_id: string;
  readonly span_id: string;
  readonly name: string;
  /** Nanoseconds since 1970, as text. */
  readonly time_ns: string;
  /** The score that it becomes, as JSON. */
  readonly score: string;
}

/** A row of `otel_messages`. */
export interface DecodedMessage {
  readonly trace_id: string;
  readonly span_id: string;
  /** The row as a JSON object. */
  readonly row: string;
}

const noSpan = "00000000-0000-0000-0000-000000000000";

/** Reads a request. @throws ProblemError `malformed_request`, `body_too_large` */
export function decodeLogs({ project, masking, ...body }: DecodeTask): DecodedLogs {
  const rejections = new Rejections("log record");
  const rules = latestMasking(masking);
  const byProject = readLogs(readBody("logs", body), project, rejections);
  const projects = [...byProject].map(([name, { evaluations, messages }]) => ({
    name,
    events: evaluations.map((evaluation) => decodedEvent(maskEvaluation(rules, evaluation))),
    messages: messages.map((message) => decodedMessage(maskMessage(rules, message))),
  }));
  return { projects, ...rejections.summary() };
}

function decodedEvent({ traceId, spanId, time, name, ...score }: OtelEvaluation): DecodedEvent {
  return {
    trace_id: traceId,
    span_id: spanId ?? noSpan,
    name: storableText(name),
    time_ns: nanoseconds(time),
    score: toJson({
      id: uuidv7(),
      numeric_value: score.data_type === "NUMERIC" ? Number(score.value) : null,
      ...score,
    }),
  };
}

/** The content stays text from here on, so that adding a message to a span parses nothing. */
function decodedMessage({ traceId, spanId, name, time, place, ...content }: OtelMessage): DecodedMessage {
  const [input, output] = [content.input, content.output].map((list) => toJson(list).slice(1, -1));
  const tools = content.tools === null ? null : toJson(content.tools);
  const digest = createHash("sha256")
    .update(JSON.stringify([input, output, tools]))
    .digest("hex");
  const bytes = [input, output, tools].reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), 0);
  const outputs = content.output.length;
  return {
    trace_id: traceId,
    span_id: spanId,
    row: JSON.stringify({
      trace_id: traceId,
      span_id: spanId,
      name,
      time_ns: nanoseconds(time),
      digest: digest.slice(0, 32),
      place,
      input,
      output,
      outputs,
      tools,
      bytes,
    }),
  };
}

function nanoseconds([seconds, rest]: OtelTime): string {
  return String(BigInt(seconds) * 1_000_000_000n + BigInt(rest));
}
