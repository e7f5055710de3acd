import type { AuditEvent, AuditEventPage } from "@pandaprobe/contract";
import { type SqlBool, sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { deleteInBatches } from "../../db/delete-in-batches.ts";
import { toJson } from "../../db/storable.ts";

/** An event to record. Fields that are left out are stored as `null`. */
export interface NewAuditEvent extends Partial<Omit<AuditEvent, "id" | "at" | "action">> {
  readonly action: string;
}

/** Records an event of an organization. If the organization was deleted, nothing is recorded. */
export async function recordEvent(
  db: Database | DatabaseTransaction,
  organizationId: string,
  { details, ...event }: NewAuditEvent,
): Promise<void> {
  const { action, project = null, subject = null, key_id = null, request_id = null } = event;
  await sql`
    insert into audit_events (organization_id, id, action, project, subject, key_id, request_id, details)
    select id, ${uuidv7()}::uuid, ${action}::text, ${project}::text, ${subject}::text, ${key_id}::uuid,
      ${request_id}::text, ${toJson(details ?? {})}::json
    from organizations where id = ${organizationId}`.execute(db);
}

/** Newest first. */
export async function listEvents(
  db: Database,
  organizationId: string,
  paging: { readonly limit: number; readonly offset: number },
): Promise<AuditEventPage> {
  const its = db.selectFrom("audit_events").where("organization_id", "=", organizationId);
  const [{ total }, items] = await Promise.all([
    its.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    its
      .select(["id", "at", "action", "project", "subject", "key_id", "request_id", "details"])
      .orderBy("at", "desc")
      .orderBy("id", "desc")
      .limit(paging.limit)
      .offset(paging.offset)
      .execute(),
  ]);
  return { items, total, ...paging };
}

/**
 * Records changed settings of the operator in every organization, because they decide what its projects may do. If
 * several processes start at once, one of them records the change.
 */
export async function recordSettings(
  db: Database,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`lock table audit_events in share row exclusive mode`.execute(transaction);
    const { rows } = await sql<{ id: string }>`
      select id from organizations
      where ${toJson(settings)}::jsonb is distinct from (
        select details::jsonb from audit_events
        where organization_id = organizations.id and action = 'settings.changed'
        order by at desc, id desc limit 1
      )`.execute(transaction);
    for (const { id } of rows) {
      await recordEvent(transaction, id, { action: "settings.changed", details: { ...settings } });
    }
  });
}

/** Purges events that are older than `keptDays`. The latest settings stay, because the next start compares with them. */
export async function purgeAuditLog(db: Database, keptDays: number, stop: AbortSignal): Promise<void> {
  const isOld = sql<SqlBool>`at < now() - make_interval(days => ${keptDays}) and action <> 'settings.changed'`;
  await deleteInBatches(db, { table: sql`audit_events`, key: sql`organization_id, id`, isOld }, stop);
}
