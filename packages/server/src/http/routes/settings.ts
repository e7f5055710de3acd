import { contract } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import type { HttpContext } from "../context.ts";

export function settingsRoutes({ settings }: HttpContext) {
  return initServer().router(contract.settings, {
    getSettings: async () => ({ status: 200, body: settings }),
  });
}
