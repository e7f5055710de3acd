import { z } from "zod";
import { timestamp } from "./common/dates.ts";
import { uuid } from "./common/ids.ts";
import { jsonObject } from "./common/json.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { c } from "./common/router.ts";

export const AuditEvent = z
  .object({
    id: uuid,
    at: timestamp,
    action: z
      .string()
      .describe("Such as `key.created`, `trace.deleted`, `monitor.changed` or `settings.changed`."),
    project: z
      .string()
      .nullable()
      .describe("The project's name at that time. `null`: the whole organization."),
    subject: z.string().nullable().describe("What was changed: an id, or a project's name."),
    key_id: uuid.nullable().describe("The key that did it. `null`: the server or its command line."),
    request_id: z.string().nullable().describe("The `X-Request-ID` of the request."),
    details: jsonObject,
  })
  .meta({ id: "AuditEvent" });
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditEventPage = page("AuditEventPage", AuditEvent);
export type AuditEventPage = z.infer<typeof AuditEventPage>;

const metadata = {
  tag: "Administration",
  scope: "admin",
  project: "none",
  errors: [],
} as const satisfies RouteMetadata;

export const auditLog = c.router({
  listAuditEvents: {
    method: "GET",
    path: "/audit-log",
    summary: "List audit events",
    description: "Changes to keys, settings and monitors, and deletions. Newest first.",
    metadata,
    query: z.object(paging()),
    responses: { 200: AuditEventPage },
  },
});
