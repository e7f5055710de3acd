import type { contract } from "@pandaprobe/contract";
import type { Handlers } from "../operation-handler.ts";
import { pageOf } from "../page-of.ts";

export const auditLog: Handlers<typeof contract.auditLog> = {
  listAuditEvents: ({ query, store }) => pageOf(store.events.toReversed(), query),
};
