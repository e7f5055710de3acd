import { type Operation, operations } from "../support/operations.ts";
import { analyticsEndpoints } from "./analytics-endpoints.ts";
import type { DocumentedEndpoint } from "./documented-endpoint.ts";
import { sessionEndpoints } from "./session-endpoints.ts";
import { traceEndpoints } from "./trace-endpoints.ts";

/** PandaProbe's documentation page "Run evaluations through the API": every endpoint on it. */
export const page: readonly DocumentedEndpoint[] = [
  ...traceEndpoints,
  ...sessionEndpoints,
  ...analyticsEndpoints,
];

/** The documented operation, if the contract has it. */
export function operationAt(endpoint: string): Operation | undefined {
  const anonymous = endpoint.replace(/\{\w+\}/g, "{}");
  return operations.find(({ method, path }) => `${method} ${path.replace(/:\w+/g, "{}")}` === anonymous);
}
