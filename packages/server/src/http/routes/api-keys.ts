import { contract, RotateApiKeyRequest } from "@pandaprobe/contract";
import { initServer } from "@ts-rest/fastify";
import { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from "../../features/projects/api-keys.ts";
import { keyOf } from "../auth.ts";
import type { HttpContext } from "../context.ts";

export function apiKeyRoutes({ db }: HttpContext) {
  return initServer().router(contract.apiKeys, {
    createApiKey: async ({ request, body }) => {
      const created = await createApiKey(db, keyOf(request).organizationId, body);
      const { id, name, scopes, projects, expires_at } = created;
      request.audited = { subject: id, details: { name, scopes, projects, expires_at } };
      return { status: 201, body: created };
    },
    listApiKeys: async ({ request, query }) => ({
      status: 200,
      body: await listApiKeys(db, keyOf(request).organizationId, query),
    }),
    rotateApiKey: async ({ request, params, body }) => {
      const { overlap_seconds: overlap } = body ?? RotateApiKeyRequest.parse({});
      const { created } = await rotateApiKey(db, keyOf(request), params.key_id, overlap);
      request.audited = { details: { successor: created.id, overlap_seconds: overlap } };
      return { status: 201, body: created };
    },
    revokeApiKey: async ({ request, params }) => {
      await revokeApiKey(db, keyOf(request), params.key_id);
      return { status: 204, body: undefined };
    },
  });
}
