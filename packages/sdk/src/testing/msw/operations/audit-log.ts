import type { contract } from "@pandaprobe/contract";
import { pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";

export const auditLog: Handlers<typeof contract.auditLog> = {
  listAuditEvents: ({ query, store }) => pageOf(store.events.toReversed(), query),
};
