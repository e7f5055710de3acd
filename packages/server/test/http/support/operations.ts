import { contract, type RouteMetadata } from "@pandaprobe/contract";
import type { AppRoute } from "@ts-rest/core";
import { z } from "zod";

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With `:name` where a parameter stands. */
  readonly path: string;
  readonly parameters: readonly string[];
  /** The names that its query may hold. */
  readonly query: readonly string[];
  readonly takesBody: boolean;
  readonly metadata: RouteMetadata;
}

/** Every operation of the contract. */
export const operations: readonly Operation[] = Object.values(contract)
  .flatMap((group) => Object.entries(group) as [string, AppRoute][])
  .map(([id, route]) => ({
    id,
    method: route.method,
    path: route.path,
    parameters: [...route.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name),
    query: route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [],
    takesBody: "body" in route && route.body instanceof z.ZodType,
    metadata: route.metadata as RouteMetadata,
  }));

/** The path with each parameter filled in, percent-encoded. */
export function pathOf(operation: Operation, value: (name: string) => string): string {
  return operation.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(value(name)));
}
