import type { AppRoute } from "@ts-rest/core";
import type { FastifyRequest } from "fastify";

/** The contract's route of a request; `undefined` on routes outside the contract. */
export function contractRoute(request: FastifyRequest): AppRoute | undefined {
  return (request.routeOptions.config as { tsRestRoute?: AppRoute }).tsRestRoute;
}
