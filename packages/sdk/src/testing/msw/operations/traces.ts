import type { contract } from "@pandaprobe/contract";
import {
  notFound,
  patchedMetadata,
  sentChanges,
  sentWarnings,
  unknownTraceFields,
} from "@pandaprobe/contract/rules";
import { cursorPageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { matchingTraces } from "../traces/matching-traces.ts";
import { traceListItem, traceResponse } from "../traces/trace-response.ts";
import { deleteTraces, findTrace, noteChange, storeTrace } from "../traces/trace-store.ts";

export const traces: Handlers<typeof contract.traces> = {
  createTrace({ body, sentBody, world, project }) {
    const { trace_id, warnings } = storeTrace(world, project, body);
    return {
      trace_id,
      task_id: world.ids.next(),
      ...sentWarnings(warnings, unknownTraceFields(sentBody)),
    };
  },
  listTraces({ query, project }) {
    const { started_after: date_from, started_before: date_to, sort_by: by, sort_order: order } = query;
    const items = matchingTraces(project.traces.values(), { ...query, date_from, date_to }).map(
      traceListItem,
    );
    const key = (item: (typeof items)[number]) => (by === "latency" ? item.latency_ms : item[by]);
    return cursorPageOf(items, {
      list: "traces",
      query,
      position: (item) => ({ key: key(item), id: item.trace_id }),
      order,
    });
  },
  getTrace: ({ path, project }) => traceResponse(findTrace(project, path.trace_id)),
  updateTrace({ path, body, world, project }) {
    const stored = findTrace(project, path.trace_id);
    const changes = sentChanges(body, ["name", "status", "metadata", "tags"]);
    if (Object.keys(changes).length > 0) {
      const metadata = patchedMetadata(stored.fields.metadata, changes.metadata ?? {});
      stored.fields = { ...stored.fields, ...changes, metadata };
      noteChange(world, stored);
    }
    return traceResponse(stored);
  },
  deleteTrace({ path, project }) {
    if (deleteTraces(project, [path.trace_id]) === 0) throw notFound("trace", path.trace_id);
    return undefined;
  },
};
