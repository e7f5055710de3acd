import { contract, type RouteMetadata } from "@pandaprobe/contract";
import type { AppRoute } from "@ts-rest/core";

export interface Operation {
  readonly id: string;
  readonly route: AppRoute;
  readonly metadata: RouteMetadata;
}

/** Every operation of the contract. */
export const operations: readonly Operation[] = Object.values(contract)
  .flatMap((group) => Object.entries(group) as [string, AppRoute][])
  .map(([id, route]) => ({ id, route, metadata: route.metadata as RouteMetadata }));
