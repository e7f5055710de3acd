import { toTraceId } from "@pandaprobe/contract/otel";
import {
  distinctSpans,
  type OtlpReceipt,
  ProblemError,
  Rejections,
  readTraces,
  type SpansByTrace,
  storedSpans,
} from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";
import { fillSpans } from "../traces/logged-messages.ts";
import { storeOtelTrace } from "../traces/trace-store.ts";
import type { World } from "../world.ts";
import type { OtlpCall } from "./otlp-call.ts";

/** Stores the spans of a request, those of each resource in its project. */
export function receiveTraces({ request, named, store, open }: OtlpCall): OtlpReceipt {
  const rejections = new Rejections("span");
  for (const [name, traces] of readTraces(request, named, rejections)) {
    try {
      storeTraces(store.world, open(name), traces, rejections);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const spans = [...traces.values()].reduce((sum, parts) => sum + distinctSpans(parts).length, 0);
      rejections.reject(spans, error.message);
    }
  }
  return rejections.summary();
}

function storeTraces(world: World, project: Project, traces: SpansByTrace, rejections: Rejections): void {
  for (const [id, sent] of traces) {
    const parts = distinctSpans(sent);
    const { kept, warnings } = storedSpans(parts);
    rejections.note(warnings);
    const traceId = toTraceId(id);
    storeOtelTrace(world, project, { id: traceId, parts, spans: kept });
    fillSpans(world, project, traceId);
  }
}
