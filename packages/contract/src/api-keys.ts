import { z } from "zod";
import { dateTime, timestamp } from "./common/dates.ts";
import { uuid } from "./common/ids.ts";
import { list } from "./common/list.ts";
import type { RouteMetadata } from "./common/metadata.ts";
import { page, paging } from "./common/paging.ts";
import { projectName } from "./common/project-name.ts";
import { c } from "./common/router.ts";
import { defaultKeyScopes, KeyScope } from "./common/scopes.ts";
import { text } from "./common/text.ts";

/** The longest that a rotated key may go on working beside its successor, in seconds: 30 days. */
const longestOverlap = 2_592_000;

const fields = {
  id: uuid,
  name: z.string().describe("A label, to tell keys apart."),
  hint: z.string().describe("How the key begins. The key itself is not kept."),
  scopes: z.array(KeyScope),
  projects: z.array(z.string()).nullable().describe("The projects that it opens, by name; `null`: all."),
  created_at: timestamp,
  expires_at: timestamp.nullable().describe("From when on it no longer works; `null`: never."),
  revoked_at: timestamp.nullable(),
  last_used_at: timestamp
    .nullable()
    .describe("When it was last used, up to a minute behind; `null`: never since this is recorded."),
};

export const ApiKeyInfo = z.object(fields).meta({ id: "ApiKeyInfo" });
export type ApiKeyInfo = z.infer<typeof ApiKeyInfo>;

export const ApiKeyPage = page("ApiKeyPage", ApiKeyInfo);
export type ApiKeyPage = z.infer<typeof ApiKeyPage>;

export const CreatedApiKey = z
  .object({ ...fields, key: z.string().describe("The key. It is shown this once.") })
  .meta({ id: "CreatedApiKey" });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const CreateApiKeyRequest = z
  .object({
    name: text(1, 255).describe("A label, to tell keys apart."),
    scopes: list(KeyScope, 1, 4)
      .default([...defaultKeyScopes])
      .meta({ default: defaultKeyScopes, description: "What it may do." }),
    projects: list(projectName, 1, 100)
      .nullish()
      .describe(
        "The projects that it opens, by name, whether they exist yet or not; `null` or left out: all of the organization. A key with `admin` opens all.",
      ),
    expires_at: dateTime.nullish().describe("From when on it no longer works; `null` or left out: never."),
  })
  .meta({
    id: "CreateApiKeyRequest",
    examples: [{ name: "Ingestion, production", scopes: ["ingest"], projects: ["my-agent"] }],
  });
export type CreateApiKeyRequest = z.infer<typeof CreateApiKeyRequest>;

export const RotateApiKeyRequest = z
  .object({
    overlap_seconds: z
      .int()
      .min(0)
      .max(longestOverlap)
      .default(86_400)
      .describe("How long the old key goes on working: up to 30 days, a day by default."),
  })
  .meta({ id: "RotateApiKeyRequest" });
export type RotateApiKeyRequest = z.infer<typeof RotateApiKeyRequest>;

/* No POST here takes an Idempotency-Key: the answer holds a key, and would have to be stored to be replayed. */
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
      "Of the organization of the key that asks. Only the new key's hash is stored. A request whose answer is lost cannot be repeated safely: look at the list, and revoke what is left over.",
    metadata: { ...administers, audit: "key.created" },
    body: CreateApiKeyRequest,
    responses: { 201: CreatedApiKey },
  },
  listApiKeys: {
    method: "GET",
    path: "/keys",
    summary: "List API keys",
    description: "Newest first, those that no longer work included.",
    metadata: administers,
    query: z.object(paging()),
    responses: { 200: ApiKeyPage },
  },
  rotateApiKey: {
    method: "POST",
    path: "/keys/:key_id/rotate",
    summary: "Replace an API key",
    description:
      "Makes a key with the same name, scopes and projects, which lives as long as the old one was to live. The old one goes on working for `overlap_seconds`.",
    metadata: { ...administers, errors: ["not_found"], audit: "key.rotated" },
    pathParams: ofKey,
    body: RotateApiKeyRequest.nullish(),
    responses: { 201: CreatedApiKey },
  },
  revokeApiKey: {
    method: "DELETE",
    path: "/keys/:key_id",
    summary: "Revoke an API key",
    description: "It stops working at once; streams that it has open end within a few seconds.",
    metadata: { ...administers, errors: ["not_found"], audit: "key.revoked" },
    pathParams: ofKey,
    body: c.noBody(),
    responses: { 204: c.noBody() },
  },
});
