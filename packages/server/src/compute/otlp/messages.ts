import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import protobuf, { type Type } from "protobufjs";

/** The files of OTLP, which are beside `src` and `dist`. */
const folder = ["../../../proto/", "../proto/"]
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(`${path}opentelemetry`));

let loaded: protobuf.Root | undefined;

/** OTLP's published messages, read when they are first needed. */
function messages(): protobuf.Root {
  if (loaded !== undefined) return loaded;
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) =>
    target.startsWith("google/protobuf/") ? target : `${folder}${target}`;
  loaded = root.loadSync([
    "opentelemetry/proto/collector/trace/v1/trace_service.proto",
    "opentelemetry/proto/collector/logs/v1/logs_service.proto",
    "google/rpc/status.proto",
  ]);
  return loaded;
}

const collector = "opentelemetry.proto.collector";
const names = {
  traces: `${collector}.trace.v1.ExportTraceServiceRequest`,
  logs: `${collector}.logs.v1.ExportLogsServiceRequest`,
  exportTraces: `${collector}.trace.v1.ExportTraceServiceResponse`,
  exportLogs: `${collector}.logs.v1.ExportLogsServiceResponse`,
  status: "google.rpc.Status",
} as const;

export function messageType(name: keyof typeof names): Type {
  return messages().lookupType(names[name]);
}

/** How a request is encoded, and its answer. */
export type OtlpEncoding = "protobuf" | "json";

/** An answer in the encoding of its request. */
export function encodeAnswer(name: keyof typeof names, answer: object, encoding: OtlpEncoding): Buffer {
  if (encoding === "json") return Buffer.from(JSON.stringify(answer));
  const type = messageType(name);
  return Buffer.from(type.encode(type.fromObject(answer)).finish());
}
