import { mapSpan } from "../../otel/map-span.ts";
import type { OtelSpan } from "../../otel/otel-span.ts";
import type { TracePart } from "../../otel/ranked-part.ts";
import { shareOf, tooManyProjects } from "./project-shares.ts";
import { projectOf, readSpan } from "./read-span.ts";
import type { Rejections } from "./rejections.ts";
import { type Part, partOf, recordOf, textOf } from "./values.ts";

/** The spans of each trace, by OpenTelemetry's id. */
export type SpansByTrace = ReadonlyMap<string, readonly TracePart[]>;

/**
 * The spans of an `ExportTraceServiceRequest`, by the name of their project.
 *
 * @param project the project that the request names; `null` if each resource has its own.
 */
export function readTraces(
  request: object,
  project: string | null,
  rejections: Rejections,
): ReadonlyMap<string, SpansByTrace> {
  const byProject = new Map<string, Map<string, TracePart[]>>();
  for (const resourceSpans of rejections.partsOf(request as Part, "resourceSpans")) {
    rejections.attempt(() => {
      const resource = recordOf(partOf(resourceSpans, "resource"));
      const name = project ?? projectOf(resource);
      const traces = shareOf(byProject, name, () => new Map<string, TracePart[]>());
      for (const scope of rejections.partsOf(resourceSpans, "scopeSpans")) {
        const spans = rejections.partsOf(scope, "spans");
        const recordedBy = textOf(partOf(scope, "scope"), "name");
        if (traces === undefined) rejections.reject(spans.length, tooManyProjects);
        else
          for (const span of spans) {
            rejections.attempt(() => addTo(traces, readSpan(span, resource, recordedBy)));
          }
      }
    });
  }
  return byProject;
}

function addTo(traces: Map<string, TracePart[]>, otel: OtelSpan): void {
  const { traceId } = otel.spanContext();
  const part = { otel, isKept: true, ...mapSpan(otel) };
  const parts = traces.get(traceId) ?? [];
  traces.set(traceId, parts);
  parts.push(part);
}
