import { type BatchCreateItem, type contract, requestRefusal, TraceCreate } from "@pandaprobe/contract";
import type { Handlers } from "../operation-handler.ts";
import { deleteTraces } from "../traces/delete-traces.ts";
import { storeTrace } from "../traces/store-trace.ts";

export const traceBatches: Handlers<typeof contract.traceBatches> = {
  createTraceBatch({ body, world, project }) {
    const items = body.traces.map((sent: unknown, index): BatchCreateItem => {
      const { data, error } = TraceCreate.safeParse(sent);
      return data === undefined
        ? { index, trace_id: readableId(sent), status: "rejected", error: refusalOf(index, error.issues) }
        : { index, trace_id: storeTrace(world, project, data), status: "accepted", error: null };
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
    const found = [...new Set(body.trace_ids)].flatMap((id) => project.traces.get(id) ?? []);
    for (const stored of found) {
      const before = stored.fields.tags;
      const tags = [...new Set([...before, ...add_tags])].filter((tag) => !remove_tags.includes(tag));
      if (tags.join("\0") === before.join("\0")) continue;
      stored.fields = { ...stored.fields, tags };
      stored.changed = world.changes.add();
    }
    return { updated: found.length };
  },
};

/** The id that a rejected trace names, so that its sender can tell which it was. */
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
