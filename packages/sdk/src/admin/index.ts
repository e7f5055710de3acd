export type {
  ApiKeyInfo,
  ApiKeyPage,
  AuditEvent,
  AuditEventPage,
  CreateApiKeyRequest,
  CreatedApiKey,
  KeyScope,
  ListApiKeysQuery,
  ListAuditEventsQuery,
  ListProjectsQuery,
  ProjectListItem,
  ProjectPage,
  ProjectUsage,
  QuotaUsage,
  RotateApiKeyRequest,
} from "../generated/types.ts";
export { PandaProbeAdmin, type PandaProbeAdminOptions } from "./panda-probe-admin.ts";
