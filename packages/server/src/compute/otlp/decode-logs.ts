import { Rejections, readLogs } from "@pandaprobe/contract/rules";
import { v7 as uuidv7 } from "uuid";
import { storableText, toJson } from "../../db/storable.ts";
import type { DecodeTask } from "./decode-traces.ts";
import { readBody } from "./read-body.ts";

/** The results of evaluations in a request, ready to be stored. */
export interface DecodedLogs {
  readonly projects: readonly { readonly name: string; readonly events: readonly DecodedEvent[] }[];
  readonly rejected: number;
  /** Why log records were rejected, a few sentences at most. */
  readonly reasons: readonly string[];
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

const noSpan = "00000000-0000-0000-0000-000000000000";

/** Reads a request. @throws ProblemError `malformed_request`, `body_too_large` */
export function decodeLogs({ project, ...body }: DecodeTask): DecodedLogs {
  const rejections = new Rejections("log record");
  const byProject = readLogs(readBody("logs", body), project, rejections);
  const projects = [...byProject].map(([name, evaluations]) => ({
    name,
    events: evaluations.map(({ traceId, spanId, time: [seconds, nanoseconds], name: called, ...score }) => ({
      trace_id: traceId,
      span_id: spanId ?? noSpan,
      name: storableText(called),
      time_ns: String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)),
      score: toJson({
        id: uuidv7(),
        numeric_value: score.data_type === "NUMERIC" ? Number(score.value) : null,
        ...score,
      }),
    })),
  }));
  return { projects, ...rejections.summary() };
}
