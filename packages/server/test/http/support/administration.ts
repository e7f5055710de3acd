import type { CreateApiKeyRequest, CreatedApiKey } from "@pandaprobe/contract";
import { expect } from "vitest";
import type { ApiClient } from "../../support/api-client.ts";
import type { TestServer } from "../../support/test-server.ts";
import { addKey } from "./add-key.ts";

/** A new organization, whose first key may do everything. */
export async function newOrganization(server: TestServer): Promise<ApiClient> {
  const name = `organization ${crypto.randomUUID()}`;
  const scopes = ["ingest", "read", "evaluate", "admin"] as const;
  const apiKey = await addKey(server.database.url, name, { scopes });
  return server.api.as({ apiKey, project: "first" });
}

export async function createKey(
  admin: ApiClient,
  fields: Partial<CreateApiKeyRequest> = {},
): Promise<CreatedApiKey> {
  const { status, body } = await admin.post<CreatedApiKey>("/keys", { name: "of a test", ...fields });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}
