// Made from the contract by scripts/generate.ts; change the contract, then run: pnpm --filter @pandaprobe/sdk generate

/** The operations that the main client has no method for. */
export type OtherOperationName =
  | "listProjects"
  | "getProjectUsage"
  | "deleteProject"
  | "createApiKey"
  | "listApiKeys"
  | "rotateApiKey"
  | "revokeApiKey"
  | "listAuditEvents"
  | "listMetrics"
  | "getMetric"
  | "putMetric"
  | "tryMetric"
  | "listMetricVersions"
  | "deleteMetric"
  | "computeAgreement"
  | "compareScores"
  | "createSessionScore"
  | "updateSessionScore"
  | "getSessionScoreRevisions"
  | "getMetrics"
  | "getOpenApi"
  | "getDocs"
  | "exportTraces";
