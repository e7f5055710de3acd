import type { routes } from "../../generated/routes.ts";

// By the routes alone: with the types of all requests and answers the package would declare those twice.

/** The name of an operation of the API. Those of the clients' methods, and those that they have no method for. */
export type OperationName =
  | keyof typeof routes
  | "listProjects"
  | "getProjectUsage"
  | "deleteProject"
  | "createApiKey"
  | "listApiKeys"
  | "rotateApiKey"
  | "revokeApiKey"
  | "listAuditEvents"
  | "getMetrics"
  | "getOpenApi"
  | "getDocs";
