import type { ApiKeyPage, CreatedApiKey } from "@pandaprobe/contract";
import { describe, expect, test } from "vitest";
import { waitUntil } from "../support/wait-until.ts";
import { createKey, newOrganization } from "./support/administration.ts";
import { databaseBehind } from "./support/database-behind.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { unknownId } from "./support/samples.ts";
import { useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
const database = databaseBehind(server);

describe("creating a key", () => {
  test("returns the key once, and stores only its hash", async () => {
    const admin = await newOrganization(server.current);
    const created = await createKey(admin, {
      name: "ingestion",
      scopes: ["ingest", "ingest"],
      projects: ["a", "b", "a"],
      expires_at: "2099-01-31",
    });
    expect(created).toMatchObject({
      name: "ingestion",
      key: expect.stringMatching(/^sk_pp_[0-9a-f]{64}$/),
      hint: created.key.slice(0, 12),
      scopes: ["ingest"],
      projects: ["a", "b"],
      expires_at: "2099-01-31T00:00:00.000Z",
      revoked_at: null,
      last_used_at: null,
    });
    const { body } = await admin.get<ApiKeyPage>("/keys");
    const { key, ...shown } = created;
    expect(body).toMatchObject({ total: 2, items: [shown, { name: "of a test" }] });
    const rows = await database.run("select row_to_json(k) from api_keys k");
    expect(JSON.stringify(rows)).not.toContain(key.slice(12));
    expect((await admin.as({ apiKey: key, project: "a" }).post("/traces", {})).status).toBe(422);
  });

  test.each([
    ["no name", {}, "name"],
    ["a name that is too long", { name: "a".repeat(256) }, "name"],
    ["an unknown scope", { name: "a", scopes: ["everything"] }, "scopes"],
    ["no scope", { name: "a", scopes: [] }, "scopes"],
    ["a project that can have no such name", { name: "a", projects: ["a/b"] }, "projects"],
    ["no project", { name: "a", projects: [] }, "projects"],
    ["too many projects", { name: "a", projects: Array.from({ length: 101 }, String) }, "projects"],
    ["an expiry that is no date", { name: "a", expires_at: "soon" }, "expires_at"],
  ])("refuses %s", async (_, body, field) => {
    const admin = await newOrganization(server.current);
    const answer = await admin.post<{ errors: { loc: unknown[] }[] }>("/keys", body);
    expectProblem(answer, "validation_error");
    expect(answer.body.errors[0]?.loc.slice(0, 2)).toEqual(["body", field]);
  });

  test("needs no project", async () => {
    const admin = await newOrganization(server.current);
    const { status } = await admin.as({ project: "" }).get("/keys");
    expect(status).toBe(200);
  });

  test("makes a key that stops working at its expiry", async () => {
    const admin = await newOrganization(server.current);
    const { key } = await createKey(admin, { expires_at: new Date(Date.now() + 1500).toISOString() });
    const api = admin.as({ apiKey: key });
    expect((await api.get("/traces")).status).toBe(200);
    await waitUntil(async () => (await api.get("/traces")).status === 401);
  });
});

describe("rotating a key", () => {
  test("creates a copy, and the old key keeps working for a while", async () => {
    const admin = await newOrganization(server.current);
    const old = await createKey(admin, { scopes: ["read"], projects: ["a"], expires_at: "2099-01-01" });
    const { status, body } = await admin.post<CreatedApiKey>(`/keys/${old.id}/rotate`, {
      overlap_seconds: 2,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: old.name, scopes: ["read"], projects: ["a"], last_used_at: null });
    expect(body.key).not.toBe(old.key);
    const lifetime = ({ created_at, expires_at }: CreatedApiKey) =>
      Date.parse(expires_at ?? "") - Date.parse(created_at);
    expect(Math.abs(lifetime(body) - lifetime(old))).toBeLessThan(1000);
    const works = async ({ key }: CreatedApiKey) =>
      (await admin.as({ apiKey: key, project: "a" }).get("/traces")).status === 200;
    expect([await works(old), await works(body)]).toEqual([true, true]);
    await waitUntil(async () => !(await works(old)));
    expect(await works(body)).toBe(true);
  });

  test("overlaps by a day by default, but not beyond the old key's expiry", async () => {
    const admin = await newOrganization(server.current);
    const expiryOf = async (id: string) => {
      const { body } = await admin.get<ApiKeyPage>("/keys");
      return Date.parse(body.items.find((key) => key.id === id)?.expires_at ?? "") - Date.now();
    };
    const endless = await createKey(admin);
    const { body } = await admin.post<CreatedApiKey>(`/keys/${endless.id}/rotate`);
    expect(body.expires_at).toBeNull();
    expect(Math.abs((await expiryOf(endless.id)) - 86_400_000)).toBeLessThan(60_000);
    const short = await createKey(admin, { expires_at: new Date(Date.now() + 60_000).toISOString() });
    await admin.post(`/keys/${short.id}/rotate`);
    expect(await expiryOf(short.id)).toBeLessThanOrEqual(60_000);
  });

  test("is refused for a key that does not work", async () => {
    const admin = await newOrganization(server.current);
    expectProblem(await admin.post(`/keys/${unknownId}/rotate`), "not_found");
    const { id } = await createKey(admin);
    await admin.delete(`/keys/${id}`);
    expectProblem(await admin.post(`/keys/${id}/rotate`), "not_found");
    const tooLong = { overlap_seconds: 2_592_001 };
    expectProblem(await admin.post(`/keys/${id}/rotate`, tooLong), "validation_error");
  });
});

test("revoking a key ends it at once; revoking it again is 404", async () => {
  const admin = await newOrganization(server.current);
  const { id, key } = await createKey(admin);
  expect((await admin.delete(`/keys/${id}`)).status).toBe(204);
  expectProblem(await admin.as({ apiKey: key }).get("/traces"), "invalid_credentials");
  expectProblem(await admin.delete(`/keys/${id}`), "not_found");
});

test("keys of another organization cannot be seen or changed", async () => {
  const [admin, other] = [await newOrganization(server.current), await newOrganization(server.current)];
  const { id, key } = await createKey(admin);
  expectProblem(await other.delete(`/keys/${id}`), "not_found");
  expectProblem(await other.post(`/keys/${id}/rotate`), "not_found");
  const { body } = await other.get<ApiKeyPage>("/keys");
  expect(body.items.map((item) => item.id)).not.toContain(id);
  expect((await admin.as({ apiKey: key }).get("/traces")).status).toBe(200);
});

test("the last use is shown soon, without a write per request", async () => {
  const admin = await newOrganization(server.current);
  const { id, key } = await createKey(admin);
  const api = admin.as({ apiKey: key });
  const version = async () =>
    (await database.run("select xmin::text, last_used_at from api_keys where id = $1", [id]))[0] as {
      xmin: string;
      last_used_at: Date | null;
    };
  const before = Date.now();
  await api.get("/traces");
  const { xmin, last_used_at: used } = await waitUntil(async () => {
    const row = await version();
    return row.last_used_at !== null && row;
  });
  expect(Math.abs((used?.getTime() ?? 0) - before)).toBeLessThan(5000);
  await Promise.all(Array.from({ length: 50 }, () => api.get("/traces")));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect((await version()).xmin).toBe(xmin);
});
