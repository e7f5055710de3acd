import { randomBytes } from "node:crypto";
import { encodeAnswer, messageType } from "../../src/compute/otlp/messages.ts";
import type { Answer } from "./answer.ts";
import type { ApiClient } from "./api-client.ts";

/** A span of OTLP in JSON. */
export type OtlpSpan = Readonly<Record<string, unknown>> & {
  readonly traceId: string;
  readonly spanId: string;
};

const second = 1_000_000_000n;
/** 2026-03-01T09:00:00Z */
const start = 1_772_355_600n * second;

/** The time so many nanoseconds after 9 o'clock. */
export function nanos(after: number | bigint): string {
  return String(start + BigInt(after));
}

/** The id of a trace, as OTLP writes it. */
export function newTrace(): string {
  return randomBytes(16).toString("hex");
}

export function attribute(key: string, value: unknown): { key: string; value: object } {
  return { key, value: anyValue(value) };
}

function anyValue(value: unknown): object {
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (value === null) return {};
  if (typeof value === "object") {
    return { kvlistValue: { values: Object.entries(value).map(([key, item]) => attribute(key, item)) } };
  }
  return { stringValue: String(value) };
}

export function otlpSpan(
  traceId: string,
  n: number,
  {
    attributes = {},
    ...fields
  }: { readonly attributes?: Readonly<Record<string, unknown>>; readonly [field: string]: unknown } = {},
): OtlpSpan {
  return {
    traceId,
    spanId: n.toString(16).padStart(16, "0"),
    name: `span ${n}`,
    kind: 1,
    startTimeUnixNano: nanos(n),
    endTimeUnixNano: nanos(second),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    ...fields,
  };
}

export function otlpRequest(
  spans: readonly OtlpSpan[],
  resource: Readonly<Record<string, unknown>> = {},
  scope = "test",
): object {
  const attributes = Object.entries(resource).map(([key, value]) => attribute(key, value));
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: scope }, spans }] }] };
}

/** A log record that is the result of an evaluation, as the GenAI conventions have it. */
export function evaluation(
  traceId: string,
  {
    attributes = {},
    ...fields
  }: { readonly attributes?: Readonly<Record<string, unknown>>; readonly [field: string]: unknown } = {},
): object {
  const all = { "gen_ai.evaluation.name": "Relevance", "gen_ai.evaluation.score.value": 0.5, ...attributes };
  return {
    traceId,
    timeUnixNano: nanos(second),
    eventName: "gen_ai.evaluation.result",
    attributes: Object.entries(all)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => attribute(key, value)),
    ...fields,
  };
}

/** A log record with a message of a model call, as the GenAI conventions up to 1.36 have it. */
export function loggedMessage(
  span: Pick<OtlpSpan, "traceId" | "spanId">,
  name: string,
  body: unknown,
  {
    attributes = {},
    ...fields
  }: { readonly attributes?: Readonly<Record<string, unknown>>; readonly [field: string]: unknown } = {},
): object {
  const { traceId, spanId } = span;
  return {
    traceId,
    spanId,
    timeUnixNano: nanos(second),
    eventName: name,
    body: anyValue(body),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    ...fields,
  };
}

export function logRequest(logRecords: readonly unknown[], service?: string): object {
  const attributes = service === undefined ? [] : [attribute("service.name", service)];
  return {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ scope: { name: "test" }, logRecords }] }],
  };
}

/** The bytes of a request in protobuf. Ids are hexadecimal in JSON. */
export function inProtobuf(request: object, signal: "traces" | "logs" = "traces"): Uint8Array<ArrayBuffer> {
  const withIds = JSON.parse(JSON.stringify(request), (key, value: unknown) =>
    /^(?:trace|span|parentSpan)Id$/.test(key) && typeof value === "string"
      ? Buffer.from(value, "hex").toString("base64")
      : value,
  ) as object;
  return new Uint8Array(encodeAnswer(signal, withIds, "protobuf"));
}

export const protobufHeaders = { "content-type": "application/x-protobuf" };

/** Sends a request as JSON. */
export function exportJson(
  api: ApiClient,
  request: object,
  path = "/v1/traces",
): Promise<Answer<PartialSuccess>> {
  return api.post<PartialSuccess>(path, request);
}

export interface PartialSuccess {
  readonly partialSuccess?: {
    readonly rejectedSpans?: string;
    readonly rejectedLogRecords?: string;
    readonly errorMessage: string;
  };
}

/** Decodes an answer in protobuf. */
export function fromProtobuf(name: Parameters<typeof messageType>[0], bytes: Uint8Array): object {
  return messageType(name).decode(bytes).toJSON();
}
