import type { Operations } from "../../generated/operations.ts";

/** The name of an operation of the API. Those of the client's methods, and those that it has no method for. */
export type OperationName = keyof Operations | "getMetrics" | "getOpenApi" | "getDocs";
