import type { contract } from "@pandaprobe/contract";
import {
  keptSpans,
  notFound,
  patchedMetadata,
  sentChanges,
  sentWarnings,
  unknownSpanFields,
  withoutComputedCost,
} from "@pandaprobe/contract/rules";
import type { Handlers } from "../operation-handler.ts";
import { spanResponse, spansInOrder } from "../traces/trace-response.ts";
import { findTrace, mergeSpans, noteChange } from "../traces/trace-store.ts";

export const spans: Handlers<typeof contract.spans> = {
  createSpans({ path, body, sentBody, world, project }) {
    const { kept, warnings } = keptSpans(body);
    const span_ids = mergeSpans(world, findTrace(project, path.trace_id), kept);
    return { span_ids, ...sentWarnings(warnings, unknownSpanFields(sentBody)) };
  },
  listSpans({ path, query, project }) {
    const all = spansInOrder(findTrace(project, path.trace_id));
    const last = query.cursor === undefined ? -1 : all.findIndex(({ span_id }) => span_id === query.cursor);
    if (query.cursor !== undefined && last === -1) throw notFound("span", query.cursor);
    const items = all.slice(last + 1, last + 1 + query.limit).map(spanResponse);
    const isLast = last + 1 + items.length === all.length;
    return { items, next_cursor: isLast ? null : (items.at(-1)?.span_id ?? null) };
  },
  updateSpan({ path, body, world, project }) {
    const changes = withoutComputedCost(sentChanges(body, ["name", "kind", "status", "metadata"]));
    const trace = project.traces.get(path.trace_id);
    const span = trace?.spans.get(path.span_id);
    const isChanged = Object.keys(changes).length > 0;
    if (trace === undefined && isChanged) throw notFound("trace", path.trace_id);
    if (trace === undefined || span === undefined) throw notFound("span", path.span_id);
    if (!isChanged) return spanResponse(span);
    const changed = { ...span, ...changes, metadata: patchedMetadata(span.metadata, changes.metadata ?? {}) };
    trace.spans.set(path.span_id, changed);
    noteChange(world, trace);
    return spanResponse(changed);
  },
};
