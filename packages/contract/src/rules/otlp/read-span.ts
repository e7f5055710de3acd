import { parseProjectName } from "../../common/project-name.ts";
import type { OtelEvent, OtelSpan } from "../../otel/otel-span.ts";
import {
  codeOf,
  idOf,
  type Part,
  partOf,
  partsOf,
  recordOf,
  textOf,
  timeOf,
  UnreadableError,
} from "./values.ts";

/**
 * The name of the resource's project: that of its service, with `-` for each character that a project name
 * may not have.
 */
export function projectOf(attributes: Readonly<Record<string, unknown>>): string {
  const service = attributes["service.name"];
  if (typeof service !== "string" || service.startsWith("unknown_service")) return defaultProject;
  const name = service
    .slice(0, 255)
    .replace(/[^A-Za-z0-9 _.'-]/g, "-")
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  return parseProjectName(name) ?? defaultProject;
}

const defaultProject = "default";

const spanKinds = [
  "",
  "SPAN_KIND_INTERNAL",
  "SPAN_KIND_SERVER",
  "SPAN_KIND_CLIENT",
  "SPAN_KIND_PRODUCER",
  "SPAN_KIND_CONSUMER",
];
const statusCodes = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

/** The flags of a span that say whether its parent is in another process. */
const [knowsRemote, isRemote] = [0x100, 0x200];

/** A span of a request, as OpenTelemetry's SDK has it. @throws UnreadableError */
export function readSpan(part: Part, resource: Readonly<Record<string, unknown>>, scope: string): OtelSpan {
  const traceId = idOf(part, "traceId", 16);
  const spanId = idOf(part, "spanId", 8);
  if (traceId === undefined || spanId === undefined)
    throw new UnreadableError("a span must have a traceId and a spanId.");
  const parent = idOf(part, "parentSpanId", 8);
  const startTime = timeOf(part, "startTimeUnixNano");
  if (startTime === undefined) throw new UnreadableError("a span must have a startTimeUnixNano.");
  const flags = Number(part["flags"] ?? 0);
  const status = partOf(part, "status");
  return {
    name: textOf(part, "name"),
    spanContext: () => ({ traceId, spanId }),
    parentSpanContext:
      parent === undefined
        ? undefined
        : { spanId: parent, isRemote: (flags & knowsRemote) === 0 ? undefined : (flags & isRemote) !== 0 },
    // OTLP counts from INTERNAL = 1, the SDK from 0.
    kind: Math.max(0, codeOf(part, "kind", spanKinds) - 1),
    startTime,
    endTime: timeOf(part, "endTimeUnixNano") ?? startTime,
    status: { code: codeOf(status, "code", statusCodes), message: textOf(status, "message") },
    attributes: recordOf(part),
    events: partsOf(part, "events").map(
      (event): OtelEvent => ({
        name: textOf(event, "name"),
        time: timeOf(event, "timeUnixNano") ?? startTime,
        attributes: recordOf(event),
      }),
    ),
    resource: { attributes: resource },
    instrumentationScope: { name: scope },
  };
}
