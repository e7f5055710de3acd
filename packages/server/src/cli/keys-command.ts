import { type KeyScope, keyScopes } from "@pandaprobe/contract";
import {
  defaultKeyScopes,
  parseDateTime,
  parseProjectName,
  projectNameRule,
} from "@pandaprobe/contract/rules";
import { ConfigError } from "../config/variables.ts";
import { recordEvent } from "../features/audit/audit-log.ts";
import {
  addApiKey,
  generateApiKey,
  listAllApiKeys,
  revokeApiKey,
  rotateApiKey,
} from "../features/projects/api-keys.ts";
import { withDatabase } from "./with-database.ts";

export async function createKey(options: {
  organization: string;
  name: string;
  scopes?: string;
  projects?: string;
  expires?: string;
}): Promise<void> {
  await withDatabase(async (db) => {
    const { organization, name } = options;
    const scopes = options.scopes === undefined ? [...defaultKeyScopes] : list(options.scopes).map(scope);
    const projects = options.projects === undefined ? null : list(options.projects).map(project);
    const key = generateApiKey();
    const { organizationId, id } = await addApiKey(db, key, {
      organization,
      name,
      scopes,
      projects,
      expiresAt: options.expires === undefined ? null : expiry(options.expires),
    });
    const details = { name, scopes, projects };
    await recordEvent(db, organizationId, { action: "key.created", subject: id, details });
    console.log(key);
  });
}

export async function listKeys(): Promise<void> {
  await withDatabase(async (db) => {
    const keys = await listAllApiKeys(db);
    console.table(
      keys.map(({ organization, id, name, hint, scopes, projects, ...key }) => ({
        id,
        organization,
        name,
        hint,
        scopes: scopes.join(", "),
        projects: projects?.join(", ") ?? "all",
        created: key.created_at,
        expires: key.expires_at ?? "never",
        revoked: key.revoked_at ?? "",
        "last used": key.last_used_at ?? "never",
      })),
    );
  });
}

export async function rotateKey(id: string, options: { overlap: string }): Promise<void> {
  await withDatabase(async (db) => {
    const seconds = overlapSeconds(options.overlap);
    const { organizationId, created } = await rotateApiKey(db, "any", id, seconds);
    const details = { successor: created.id, overlap_seconds: seconds };
    await recordEvent(db, organizationId, { action: "key.rotated", subject: id, details });
    console.log(created.key);
    console.error(`The old key keeps working for ${options.overlap}.`);
  });
}

export async function revokeKey(id: string): Promise<void> {
  await withDatabase(async (db) => {
    const organizationId = await revokeApiKey(db, "any", id);
    await recordEvent(db, organizationId, { action: "key.revoked", subject: id });
    console.log(`Revoked ${id}.`);
  });
}

function list(text: string): string[] {
  return [...new Set(text.split(",").map((item) => item.trim()))];
}

function scope(text: string): KeyScope {
  const found = keyScopes.find((candidate) => candidate === text);
  if (found !== undefined) return found;
  throw new ConfigError(
    `--scopes takes ${keyScopes.join(", ")}, separated by commas, not ${JSON.stringify(text)}.`,
  );
}

function project(text: string): string {
  const name = parseProjectName(text);
  if (name !== null) return name;
  throw new ConfigError(
    `--projects takes names of ${projectNameRule}, separated by commas, not ${JSON.stringify(text)}.`,
  );
}

function expiry(text: string): string {
  const date = parseDateTime(text);
  if (date !== null) return date;
  throw new ConfigError(
    `--expires must be an RFC 3339 date such as 2027-01-31, not ${JSON.stringify(text)}.`,
  );
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const longestOverlapSeconds = 2_592_000;

function overlapSeconds(text: string): number {
  const [, count, unit = ""] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (unitSeconds[unit] ?? Number.NaN);
  if (seconds <= longestOverlapSeconds) return seconds;
  throw new ConfigError(
    `--overlap must be a duration such as 90s, 30m, 24h or 7d, at most 30d, not ${JSON.stringify(text)}.`,
  );
}
