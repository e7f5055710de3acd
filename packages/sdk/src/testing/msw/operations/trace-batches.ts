import { type BatchCreateItem, type contract, limits, TraceCreate } from "@pandaprobe/contract";
import {
  refusalProblem,
  requestRefusal,
  sentWarnings,
  tooManyTags,
  unknownTraceFields,
} from "@pandaprobe/contract/rules";
import type { Handlers } from "../operation-handler.ts";
import { deleteTraces, noteChange, storeTrace } from "../traces/trace-store.ts";

export const traceBatches: Handlers<typeof contract.traceBatches> = {
  createTraceBatch({ body, world, project }) {
    const before = new Set(project.traces.keys());
    const items = body.traces.map((sent: unknown, index): BatchCreateItem => {
      const { data, error } = TraceCreate.safeParse(sent);
      if (data === undefined) {
        return {
          index,
          trace_id: readableId(sent),
          status: "rejected",
          error: refusalOf(index, error.issues),
        };
      }
      const { trace_id, warnings } = storeTrace(world, project, data);
      return {
        index,
        trace_id,
        status: "accepted",
        created: !before.has(trace_id),
        error: null,
        ...sentWarnings(warnings, unknownTraceFields(sent)),
      };
    });
    const accepted = items.filter(({ status }) => status === "accepted").length;
    return { items, accepted, rejected: items.length - accepted };
  },
  deleteTraces({ body, project, audited }) {
    const deleted = deleteTraces(project, body.trace_ids);
    audited.details = { deleted, trace_ids: body.trace_ids.slice(0, 100) };
    return { deleted };
  },
  tagTraces({ body, world, project }) {
    const { add_tags = [], remove_tags = [] } = body;
    if (add_tags.length + remove_tags.length === 0) return { updated: 0 };
    const removed = remove_tags.filter((tag) => !add_tags.includes(tag));
    const found = [...new Set(body.trace_ids)].flatMap((id) => project.traces.get(id) ?? []);
    const changed = found.map((stored) => {
      const all = [...new Set([...stored.fields.tags, ...add_tags])];
      return { stored, tags: all.filter((tag) => !removed.includes(tag)) };
    });
    const tooMany = changed.filter(
      ({ stored, tags }) => tags.length > Math.max(limits.tags, stored.fields.tags.length),
    );
    if (tooMany.length > 0)
      throw refusalProblem(tooManyTags(tooMany.map(({ stored }) => stored.fields.trace_id).sort()));
    for (const { stored, tags } of changed) {
      const before = stored.fields.tags;
      if (tags.join("\0") === before.join("\0")) continue;
      stored.fields = { ...stored.fields, tags };
      noteChange(world, stored);
    }
    return { updated: found.length };
  },
};

/** The id of a rejected trace, so that the client can identify it. */
function readableId(sent: unknown): string | null {
  return TraceCreate.pick({ trace_id: true }).safeParse(sent).data?.trace_id ?? null;
}

function refusalOf(
  index: number,
  issues: readonly { readonly path: readonly PropertyKey[] }[],
): BatchCreateItem["error"] {
  return requestRefusal({
    body: issues.map((issue) => ({ ...issue, path: ["traces", index, ...issue.path] })),
  });
}
