import { keptMetadata } from "../../common/kept.ts";
import { limits } from "../../common/limits.ts";
import { cutFreeText } from "../../common/text.ts";
import { toSpanId, toTraceId } from "../../otel/ids.ts";
import { limitedText } from "../../otel/map-span.ts";
import type { OtelTime } from "../../otel/otel-span.ts";
import { isoTime } from "../../otel/time.ts";
import { canonicalScoreValue, scoreValueError } from "../../score-value.ts";
import { idOf, type Part, recordOf, timeOf, UnreadableError } from "./values.ts";

/** The result of an evaluation, as a score. */
export interface OtelEvaluation {
  readonly traceId: string;
  /** The span that was evaluated; `null` for the trace. */
  readonly spanId: string | null;
  readonly time: OtelTime;
  readonly name: string;
  readonly data_type: "NUMERIC" | "CATEGORICAL";
  readonly value: string;
  readonly reason: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const evaluationEvent = "gen_ai.evaluation.result";
const prefix = "gen_ai.evaluation.";

/** Reads a log record that is the result of an evaluation. @throws UnreadableError */
export function readEvaluation(record: Part): OtelEvaluation {
  const {
    "event.name": _,
    [`${prefix}name`]: name,
    [`${prefix}score.value`]: score,
    [`${prefix}score.label`]: label,
    [`${prefix}explanation`]: explanation,
    ...rest
  } = recordOf(record);
  const traceId = idOf(record, "traceId", 16);
  if (traceId === undefined) throw new UnreadableError(`an event ${evaluationEvent} must have a traceId.`);
  if (typeof name !== "string" || name === "") {
    throw new UnreadableError(`an event ${evaluationEvent} must have the attribute ${prefix}name.`);
  }
  const time = timeOf(record, "timeUnixNano") ?? timeOf(record, "observedTimeUnixNano");
  if (time === undefined) throw new UnreadableError(`an event ${evaluationEvent} must have a timeUnixNano.`);
  const spanId = idOf(record, "spanId", 8);
  const { metadata, ...value } = scoredValue(score, label);
  return {
    traceId: toTraceId(traceId),
    spanId: spanId === undefined ? null : toSpanId(spanId),
    time,
    name: limitedText(name, 255),
    ...value,
    reason: typeof explanation === "string" && explanation !== "" ? cutFreeText(explanation) : null,
    metadata: keptMetadata({
      ...rest,
      ...metadata,
      ...(spanId === undefined ? {} : { span_id: toSpanId(spanId) }),
      evaluated_at: isoTime(time),
    }),
  };
}

type Value = Pick<OtelEvaluation, "data_type" | "value" | "metadata">;

/** A number from 0 to 1 is a NUMERIC value. Any other number stays in the metadata. */
function scoredValue(score: unknown, label: unknown): Value {
  const labelled = typeof label === "string" && label !== "" ? label : undefined;
  if (typeof score === "number" && Number.isFinite(score)) {
    const value = canonicalScoreValue("NUMERIC", String(score));
    if (scoreValueError("NUMERIC", value) === null) {
      return { data_type: "NUMERIC", value, metadata: labelled === undefined ? {} : { label: labelled } };
    }
    return categorical(labelled ?? String(score), { score });
  }
  if (labelled !== undefined) return categorical(labelled, {});
  throw new UnreadableError(
    `an event ${evaluationEvent} must have the attribute ${prefix}score.value, a number, or ${prefix}score.label.`,
  );
}

function categorical(label: string, metadata: Value["metadata"]): Value {
  return { data_type: "CATEGORICAL", value: limitedText(label, limits.label), metadata };
}
