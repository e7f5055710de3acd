import { type ApiKeyInfo, type contract, RotateApiKeyRequest } from "@pandaprobe/contract";
import { checkKeyAccess, unknownKey } from "@pandaprobe/contract/rules";
import { newestFirst, pageOf } from "../lists.ts";
import type { Handlers } from "../operation-handler.ts";
import { isoTime } from "../state/clock.ts";
import type { Keys } from "../state/keys.ts";

export const apiKeys: Handlers<typeof contract.apiKeys> = {
  createApiKey({ body, store, audited }) {
    const scopes = [...new Set(body.scopes)];
    const projects = body.projects == null ? null : [...new Set(body.projects)];
    checkKeyAccess({ scopes, projects });
    const expiresAt = body.expires_at ?? null;
    const created = store.keys.add({ name: body.name, scopes, projects, expiresAt });
    const details = { name: body.name, scopes, projects, expires_at: expiresAt };
    Object.assign(audited, { subject: created.id, details });
    return created;
  },
  listApiKeys: ({ query, store }) => pageOf(newestFirst(store.keys.all()), query),
  rotateApiKey({ path, body, store, world, audited }) {
    const { overlap_seconds: overlap } = body ?? RotateApiKeyRequest.parse({});
    const old = find(store.keys, path.key_id);
    const now = world.clock.now();
    const { name, scopes, projects, created_at, expires_at } = old;
    const expiresAt =
      expires_at === null ? null : isoTime(now + Date.parse(expires_at) - Date.parse(created_at));
    old.expires_at = isoTime(
      Math.min(now + overlap * 1000, expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at)),
    );
    const created = store.keys.add({ name, scopes, projects, expiresAt });
    audited.details = { successor: created.id, overlap_seconds: overlap };
    return created;
  },
  revokeApiKey({ path, store, world }) {
    const key = store.keys.all().find(({ id, revoked_at }) => id === path.key_id && revoked_at === null);
    if (key === undefined) throw unknownKey(path.key_id);
    key.revoked_at = isoTime(world.clock.now());
    return undefined;
  },
};

function find(keys: Keys, id: string): ApiKeyInfo {
  const key = keys.find(id);
  if (key === undefined) throw unknownKey(id);
  return key;
}
