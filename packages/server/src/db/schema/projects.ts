import type { KeyScope } from "@pandaprobe/contract";
import type { Generated } from "kysely";
import type { DefaultNow, Json, JsonObject, Timestamp } from "./columns.ts";

interface OrganizationsTable {
  id: string;
  name: string;
  created_at: DefaultNow;
}

interface ApiKeysTable {
  organization_id: string;
  id: string;
  name: string;
  key_hash: Buffer;
  /** The first characters of the key, to tell keys apart. The key itself is not stored. */
  hint: string;
  created_at: DefaultNow;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  scopes: KeyScope[];
  /** The names of the projects that the key has access to; `null`: all of the organization. */
  projects: string[] | null;
  /** Up to a minute behind. */
  last_used_at: Timestamp | null;
}

interface ProjectsTable {
  organization_id: string;
  id: string;
  name: string;
  created_at: DefaultNow;
  /** The former name of a project that is being erased. */
  deleted_name: string | null;
  /** When its monitors created runs, within the last minute. */
  monitor_runs: Generated<Timestamp[]>;
}

/** Audit events: who did what in an organization. */
interface AuditEventsTable {
  organization_id: string;
  id: string;
  at: DefaultNow;
  action: string;
  /** Its name at that time. */
  project: string | null;
  subject: string | null;
  key_id: string | null;
  request_id: string | null;
  details: Json<JsonObject>;
}

/** A change of a project's usage. Only triggers write here. */
interface ProjectUsageDeltasTable {
  project_id: string;
  id: Generated<number>;
  day: string;
  traces: number;
  bytes: number;
  runs: number;
  usd: number;
}

/** What a project stores, without the changes in the deltas. */
interface ProjectTotalsTable {
  project_id: string;
  traces: number;
  bytes: number;
}

/** What a project did on a day (UTC), without the changes in the deltas. */
interface ProjectDaysTable {
  project_id: string;
  day: string;
  runs: number;
  usd: number;
}

interface RateLimitsTable {
  api_key_id: string;
  route: string;
  hits: Timestamp[];
}

/** Requests of a key per second. */
interface RequestCountsTable {
  api_key_id: string;
  /** The newest second with requests, counted from 1970. */
  second: number;
  /** The counts of that second, the one before, and so on. */
  counts: number[];
}

interface IdempotencyKeysTable {
  project_id: string;
  key: string;
  request_hash: Buffer;
  status: number | null;
  body: Json<unknown>;
  created_at: DefaultNow;
}

/** Organizations, their projects and keys, and what clients may use. */
export interface ProjectTables {
  organizations: OrganizationsTable;
  api_keys: ApiKeysTable;
  projects: ProjectsTable;
  audit_events: AuditEventsTable;
  project_usage_deltas: ProjectUsageDeltasTable;
  project_totals: ProjectTotalsTable;
  project_days: ProjectDaysTable;
  rate_limits: RateLimitsTable;
  request_counts: RequestCountsTable;
  idempotency_keys: IdempotencyKeysTable;
}
