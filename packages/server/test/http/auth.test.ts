import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type Database } from "../../src/db/database.ts";
import {
  addApiKey,
  generateApiKey,
  listAllApiKeys,
  revokeApiKey,
} from "../../src/features/projects/api-keys.ts";
import { operationOf } from "../support/check-answer.ts";
import { testPool } from "../support/test-pool.ts";
import { storeTrace, traceBody } from "../support/traces.ts";
import { expectProblem } from "./support/expect-problem.ts";
import { newProject, useHttpServer } from "./support/use-http-server.ts";

const server = useHttpServer();
let db: Database;
beforeAll(() => {
  db = createDatabase(testPool(server.current.database.url));
});
afterAll(() => db.destroy());

async function addKey(organization: string, expiresAt: string | null = null): Promise<string> {
  const key = generateApiKey();
  await addApiKey(db, key, { organization, name: newProject(), expiresAt });
  return key;
}

describe("the API key", () => {
  test("is required", async () => {
    const response = await fetch(`${server.current.url}/traces`, { headers: { "x-project-name": "test" } });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({
      code: "missing_credentials",
      detail: expect.stringMatching(/X-API-Key/),
    });
  });

  test.each([
    ["unknown", () => generateApiKey()],
    ["malformed", () => "secret"],
    ["the right one in another case", () => server.current.apiKey.toUpperCase()],
    ["the right one, cut", () => server.current.apiKey.slice(0, -1)],
    ["SQL", () => "' or 1=1 --"],
  ])("is refused if it is %s", async (_, key) => {
    expectProblem(await server.project().as({ apiKey: key() }).get("/traces"), "invalid_credentials");
  });

  test("counts as missing if it is blank", async () => {
    expectProblem(await server.project().as({ apiKey: " " }).get("/traces"), "missing_credentials");
  });

  test("is refused once it has expired", async () => {
    const expired = await addKey("default", "2026-01-01T00:00:00.000Z");
    expectProblem(await server.project().as({ apiKey: expired }).get("/traces"), "invalid_credentials");
    const valid = await addKey("default", "9999-01-01T00:00:00.000Z");
    expect((await server.project().as({ apiKey: valid }).get("/traces")).status).toBe(200);
  });

  test("is refused once it has been revoked, at once", async () => {
    const key = await addKey("default");
    const api = server.project().as({ apiKey: key });
    expect((await api.get("/traces")).status).toBe(200);
    const stored = (await listAllApiKeys(db)).find(({ hint }) => hint === key.slice(0, 12));
    await revokeApiKey(db, "any", stored?.id ?? "");
    expectProblem(await api.get("/traces"), "invalid_credentials");
  });

  test("is stored only as a hash", async () => {
    const key = await addKey("default");
    const rows = await db.selectFrom("api_keys").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key.slice(12));
    expect(rows.every((row) => row.key_hash.length === 32)).toBe(true);
  });

  test("is checked before anything else", async () => {
    const api = server.project().as({ apiKey: generateApiKey(), project: "!" });
    expectProblem(await api.post("/traces", { nonsense: true }), "invalid_credentials");
    expectProblem(
      await api.sendRaw("POST", "/traces", "{", { "content-type": "application/json" }),
      "invalid_credentials",
    );
  });
});

describe("endpoints without credentials", () => {
  test.each(["/health", "/ready", "/metrics", "/openapi.json", "/docs"])("GET %s", async (path) => {
    const response = await fetch(server.current.url + path);
    expect(response.status).toBe(200);
    expect(operationOf("GET", path)).toBeDefined();
  });
});

describe("the project's name", () => {
  test.each(["a", "7", "My agent", "it's-fine_2.0", "A".repeat(255), "constructor", "select", "1'--0"])(
    "may be %j",
    async (project) => {
      expect((await server.project().as({ project }).get("/traces")).status).toBe(200);
    },
  );

  test.each([
    "",
    " ",
    "-a",
    "a-",
    "_a",
    "a.",
    "a/b",
    "a,b",
    "a:b",
    'a"b',
    "a\tb",
    "projet é",
    "A".repeat(256),
    "%20a",
  ])("may not be %j", async (project) => {
    expectProblem(await server.project().as({ project }).get("/traces"), "invalid_project_name", {
      loc: ["header", "X-Project-Name"],
    });
  });

  test("is required", async () => {
    const response = await fetch(`${server.current.url}/traces`, {
      headers: { "x-api-key": server.current.apiKey },
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      code: "invalid_project_name",
      errors: [{ loc: ["header", "X-Project-Name"], type: "missing" }],
    });
  });

  test("is trimmed and case-sensitive", async () => {
    const name = `Agent ${randomBytes(4).toString("hex")}`;
    const api = server.project();
    const id = await storeTrace(api.as({ project: `  ${name}\t` }));
    expect((await api.as({ project: name }).get(`/traces/${id}`)).status).toBe(200);
    expectProblem(await api.as({ project: name.toLowerCase() }).get(`/traces/${id}`), "not_found");
  });
});

describe("a project", () => {
  test("that does not exist reads as empty, and is not created by it", async () => {
    const project = newProject();
    const api = server.project().as({ project });
    for (const path of ["/traces", "/sessions", "/evaluations/trace-runs", "/evaluations/trace-scores"])
      expect((await api.get(path)).body, path).toMatchObject({ items: [], total: 0 });
    expectProblem(await api.delete(`/traces/${crypto.randomUUID()}`), "not_found");
    expect(await db.selectFrom("projects").select("id").where("name", "=", project).execute()).toEqual([]);
  });

  test("is created by its first write, once", async () => {
    const project = newProject();
    const api = server.project().as({ project });
    await Promise.all(Array.from({ length: 8 }, () => api.post("/traces", traceBody())));
    const rows = await db.selectFrom("projects").select("id").where("name", "=", project).execute();
    expect(rows).toHaveLength(1);
    expect((await api.get("/traces")).body).toMatchObject({ total: 8 });
  });

  test("of the same name in another organization is a different project", async () => {
    const api = server.project();
    const id = await storeTrace(api);
    const stranger = api.as({ apiKey: await addKey(newProject()) });
    expect((await stranger.get("/traces")).body).toMatchObject({ items: [], total: 0 });
    expectProblem(await stranger.get(`/traces/${id}`), "not_found");
    const colleague = api.as({ apiKey: await addKey("default") });
    expect((await colleague.get(`/traces/${id}`)).status).toBe(200);
  });

  test("may have a trace with the same id as one of another project", async () => {
    const [mine, yours] = [server.project(), server.project()];
    const trace_id = crypto.randomUUID();
    await storeTrace(mine, { trace_id, name: "mine" });
    await storeTrace(yours, { trace_id, name: "yours" });
    expect((await mine.get(`/traces/${trace_id}`)).body).toMatchObject({ name: "mine" });
    expect((await yours.delete(`/traces/${trace_id}`)).status).toBe(204);
    expect((await mine.get(`/traces/${trace_id}`)).body).toMatchObject({ name: "mine" });
  });
});
