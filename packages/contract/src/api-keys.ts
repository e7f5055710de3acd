import { z } from "zod";
import { dateTime, timestamp } from "./common/dates.ts";
import { uuid } from "./common/ids.ts";
import { number } from "./common/lenient.ts";
import { list } from "./common/list.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { projectName } from "./common/project-name.ts";
import { c } from "./common/router.ts";
import { defaultKeyScopes, KeyScope } from "./common/scopes.ts";
import { text } from "./common/text.ts";

/** The longest overlap of a rotated key with its successor, in seconds: 30 days. */
const longestOverlap = 2_592_000;

const fields = {
  id: uuid,
  name: z.string().describe("A label."),
  hint: z.string().describe("The first characters of the key. The key itself is not stored."),
  scopes: z.array(KeyScope),
  projects: z.array(z.string()).nullable().describe("The projects it can access, by name. `null`: all."),
  created_at: timestamp,
  expires_at: timestamp.nullable().describe("When it stops working. `null`: never."),
  revoked_at: timestamp.nullable(),
  last_used_at: timestamp
    .nullable()
    .describe(
      "When it was last used, with a delay of up to a minute. `null`: not since this has been recorded.",
    ),
};

export const ApiKeyInfo = z.object(fields).meta({ id: "ApiKeyInfo" });
export type ApiKeyInfo = z.infer<typeof ApiKeyInfo>;

export const ApiKeyPage = page("ApiKeyPage", ApiKeyInfo);
export type ApiKeyPage = z.infer<typeof ApiKeyPage>;

export const CreatedApiKey = z
  .object({ ...fields, key: z.string().describe("The key. It is shown only once.") })
  .meta({ id: "CreatedApiKey" });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const CreateApiKeyRequest = z
  .object({
    name: text(1, 255).describe("A label."),
    scopes: list(KeyScope, 1, 4)
      .default([...defaultKeyScopes])
      .meta({ default: defaultKeyScopes, description: "What it may do." }),
    projects: list(projectName, 1, 100)
      .nullish()
      .describe(
        "The projects it can access, by name. They need not exist yet. Default: all of the organization. A key with the scope `admin` can access all.",
      ),
    expires_at: dateTime.nullish().describe("When it stops working. Default: never."),
  })
  .meta({
    id: "CreateApiKeyRequest",
    examples: [{ name: "Ingestion, production", scopes: ["ingest"], projects: ["my-agent"] }],
  });
export type CreateApiKeyRequest = z.infer<typeof CreateApiKeyRequest>;

export const RotateApiKeyRequest = z
  .object({
    overlap_seconds: number(z.int().min(0).max(longestOverlap))
      .default(86_400)
      .describe("How long the old key keeps working: up to 30 days. Default: a day."),
  })
  .meta({ id: "RotateApiKeyRequest" });
export type RotateApiKeyRequest = z.infer<typeof RotateApiKeyRequest>;

/* No POST here takes an Idempotency-Key: to replay the answer, the key in it would have to be stored. */
const administers = {
  tag: "Administration",
  scope: "admin",
  project: "none",
  errors: [],
} as const satisfies RouteMetadata;

const ofKey = z.object({ key_id: uuid });

export const apiKeys = c.router({
  createApiKey: {
    method: "POST",
    path: "/keys",
    summary: "Create an API key",
    description:
      "Creates a key in the organization of the calling key. Only its hash is stored. If the answer is lost, do not repeat the request: list the keys and revoke the one without an owner.",
    metadata: { ...administers, audit: "key.created" },
    body: CreateApiKeyRequest,
    responses: { 201: CreatedApiKey },
  },
  listApiKeys: {
    method: "GET",
    path: "/keys",
    summary: "List API keys",
    description: "Newest first, including expired and revoked keys.",
    metadata: administers,
    query: z.object(paging()),
    responses: { 200: ApiKeyPage },
  },
  rotateApiKey: {
    method: "POST",
    path: "/keys/:key_id/rotate",
    summary: "Rotate an API key",
    description:
      "Creates a key with the same name, scopes, projects and lifetime. The old key keeps working for `overlap_seconds`.",
    metadata: { ...administers, errors: ["not_found"], audit: "key.rotated" },
    pathParams: ofKey,
    body: RotateApiKeyRequest.nullish(),
    responses: { 201: CreatedApiKey },
  },
  revokeApiKey: {
    method: "DELETE",
    path: "/keys/:key_id",
    summary: "Revoke an API key",
    description: "It stops working at once. Its open streams end within a few seconds.",
    metadata: { ...administers, errors: ["not_found"], audit: "key.revoked" },
    pathParams: ofKey,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
