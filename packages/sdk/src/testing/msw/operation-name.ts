import type { routes } from "../../generated/routes.ts";

/** The name of an operation of the API. Those of the client's methods, and those that it has no method for. */
export type OperationName = keyof typeof routes | "getMetrics" | "getOpenApi" | "getDocs";
