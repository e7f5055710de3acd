import { type ApiKeyInfo, type KeyScope, keyScopes } from "@pandaprobe/contract";
import { type Clock, isoTime } from "./clock.ts";
import type { Ids } from "./ids.ts";

/** An API key and its access. */
export interface MockKey {
  readonly key: string;
  /** Default: all scopes. */
  readonly scopes?: readonly ("ingest" | "read" | "evaluate" | "admin")[] | undefined;
  /** The projects it can access, by name. Default: all. */
  readonly projects?: readonly string[] | undefined;
}

/** The fields of a new key. */
export interface KeyFields {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly projects: readonly string[] | null;
  readonly expiresAt: string | null;
}

/** The known API keys. If the test lists no keys, any other key is accepted and has full access. */
export class Keys {
  readonly #listed: readonly (string | MockKey)[] | undefined;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #byKey = new Map<string, ApiKeyInfo>();

  constructor(listed: readonly (string | MockKey)[] | undefined, clock: Clock, ids: Ids) {
    this.#listed = listed;
    this.#clock = clock;
    this.#ids = ids;
    this.reset();
  }

  reset(): void {
    this.#byKey.clear();
    for (const listed of this.#listed ?? []) {
      const {
        key,
        scopes = keyScopes,
        projects = null,
      } = typeof listed === "string" ? { key: listed } : listed;
      this.#add(key, { name: "listed", scopes, projects, expiresAt: null });
    }
  }

  /** Marks a key as used. @returns the key, if it is valid */
  use(key: string): ApiKeyInfo | undefined {
    const known = this.#byKey.get(key) ?? (this.#listed === undefined ? this.#any(key) : undefined);
    if (known === undefined || !this.#works(known)) return undefined;
    known.last_used_at = isoTime(this.#clock.now());
    return known;
  }

  add(fields: KeyFields): ApiKeyInfo & { key: string } {
    const key = `sk_pp_${crypto.randomUUID().replaceAll("-", "").repeat(2)}`;
    return { ...this.#add(key, fields), key };
  }

  all(): ApiKeyInfo[] {
    return [...this.#byKey.values()];
  }

  /** @returns the key, if it is valid */
  find(id: string): ApiKeyInfo | undefined {
    const key = this.all().find((candidate) => candidate.id === id);
    return key !== undefined && this.#works(key) ? key : undefined;
  }

  #any(key: string): ApiKeyInfo {
    return this.#add(key, { name: "any", scopes: keyScopes, projects: null, expiresAt: null });
  }

  #add(key: string, { name, scopes, projects, expiresAt }: KeyFields): ApiKeyInfo {
    const info: ApiKeyInfo = {
      id: this.#ids.next(),
      name,
      hint: key.slice(0, 12),
      scopes: [...scopes],
      projects: projects === null ? null : [...projects],
      created_at: isoTime(this.#clock.now()),
      expires_at: expiresAt,
      revoked_at: null,
      last_used_at: null,
    };
    this.#byKey.set(key, info);
    return info;
  }

  #works({ revoked_at: revoked, expires_at: expires }: ApiKeyInfo): boolean {
    return revoked === null && (expires === null || Date.parse(expires) > this.#clock.now());
  }
}
