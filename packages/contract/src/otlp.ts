import { authHeaders, type RouteMetadata } from "./common/metadata.ts";

/** An OTLP/HTTP request. */
export interface OtlpRoute {
  readonly method: "POST";
  readonly path: `/v1/${string}`;
  readonly summary: string;
  readonly description: string;
  readonly metadata: RouteMetadata;
  /** OTLP's names: of the list in a request, and of the field that counts rejected items. */
  readonly list: string;
  readonly rejected: string;
}

/** The project is named by the header or by each resource, so these routes read it themselves. */
const metadata: RouteMetadata = {
  tag: "OpenTelemetry",
  scope: "ingest",
  project: "none",
  errors: ["invalid_project_name", "quota_exceeded"],
  requestHeaders: {
    "X-Project-Name": {
      ...authHeaders["X-Project-Name"],
      description:
        "The name of the project. The first write creates it. Default: the `service.name` of each resource.",
      required: false,
    },
  },
};

/**
 * What OpenTelemetry's exporters and its Collector send. Not part of the contract's routes, because the bodies are
 * OTLP's own, in protobuf or JSON, and errors are not problem documents.
 */
export const otlpRoutes = {
  exportTraces: {
    method: "POST",
    path: "/v1/traces",
    summary: "Store spans from OpenTelemetry",
    description:
      "Takes an `ExportTraceServiceRequest` of OTLP/HTTP, up to 32 MiB after decompression. Spans become traces. They may arrive in any order, over time, and more than once. Spans that cannot be stored are counted in `partialSuccess` with the reason, and the others are stored. Errors are a `google.rpc.Status` in the encoding of the request.",
    metadata,
    list: "resourceSpans",
    rejected: "rejectedSpans",
  },
  exportLogs: {
    method: "POST",
    path: "/v1/logs",
    summary: "Store messages and evaluation results from OpenTelemetry",
    description:
      "Takes an `ExportLogsServiceRequest` of OTLP/HTTP, up to 32 MiB after decompression. Events with messages of model calls (`gen_ai.user.message`, `gen_ai.choice`, `gen_ai.client.inference.operation.details` and others) become input and output of their span if it has none; the span may arrive up to 24 hours later. Events `gen_ai.evaluation.result` become PROGRAMMATIC scores of their trace, which may arrive up to 24 hours later; the same event is stored once. Other log records are rejected: counted in `partialSuccess` with the reason. Errors are a `google.rpc.Status` in the encoding of the request.",
    metadata,
    list: "resourceLogs",
    rejected: "rejectedLogRecords",
  },
} as const satisfies Readonly<Record<string, OtlpRoute>>;
