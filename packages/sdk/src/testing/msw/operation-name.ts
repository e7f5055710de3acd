import type { routes } from "../../generated/routes.ts";

// By the routes alone: the types of all requests and answers would come along in the package's own.
type Routes = typeof routes;

/** The name of an operation of the API. Those of the clients' methods, and those that they have no method for. */
export type OperationName =
  | { [R in keyof Routes]: keyof Routes[R] }[keyof Routes]
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
