/** @module-tag slow */
import type { ChildProcess } from "node:child_process";
import { Console } from "node:console";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { program } from "../../src/cli/program.ts";
import { ApiClient } from "../support/api-client.ts";
import { spawnCli, spawnServer } from "../support/spawn-server.ts";
import { createTestDatabase, type TestDatabase } from "../support/test-database.ts";
import { useTestServer } from "../support/test-server.ts";

/** Asks for the key of the link that the start printed. */
function exchange(url: string, code: string): Promise<Response> {
  const headers = { "content-type": "application/json" };
  return fetch(`${url}/app/sign-in`, { method: "POST", headers, body: JSON.stringify({ code }) });
}

async function output(child: ChildProcess): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout === null ? "" : text(child.stdout),
    child.stderr === null ? "" : text(child.stderr),
    once(child, "exit"),
  ]);
  return { code: Number(code), stdout, stderr };
}

/** Runs a command in a process of its own. */
const run = (args: string[], environment: Record<string, string> = {}) => output(spawnCli(args, environment));

/** Runs a command in this process, which takes a fraction of the time. */
async function runHere(args: string[], environment: Record<string, string>) {
  const printed = { stdout: new PassThrough(), stderr: new PassThrough() };
  const { log, error, table } = new Console(printed.stdout, printed.stderr);
  const prints = { log, error, table };
  for (const [name, print] of Object.entries(prints))
    vi.spyOn(console, name as keyof typeof prints).mockImplementation(print);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const signals = ["SIGTERM", "SIGINT"] as const;
  const listeners = signals.map((signal) => process.listeners(signal));
  try {
    await program.parseAsync(args, { from: "user" });
    const code = Number(process.exitCode ?? 0);
    const [stdout, stderr] = [printed.stdout, printed.stderr].map((stream) => String(stream.read() ?? ""));
    return { code, stdout: stdout ?? "", stderr: stderr ?? "" };
  } finally {
    process.exitCode = undefined;
    for (const [n, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (listeners[n]?.includes(listener) !== true) process.off(signal, listener);
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  }
}

async function useDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

test("every invalid variable is reported, with its valid values", async () => {
  const { code, stderr } = await runHere(["start"], {
    PORT: "80000",
    DATABASE_URL: "mysql://localhost/x",
    PANDAPROBE_API_KEY: "secret",
    EVAL_CONCURRENCY: "many",
    LOG_LEVEL: "loud",
    OPENAI_BASE_URL: "localhost",
    GEMINI_BASE_URL: "http://me:secret@localhost:1234",
  });
  expect(code).toBe(1);
  expect(stderr).toMatchInlineSnapshot(`
    "PORT must be from 0 to 65535.
    DATABASE_URL must begin with postgres:// or postgresql://.
    PANDAPROBE_API_KEY must be sk_pp_ and 64 hexadecimal digits (0-9, a-f).
    LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent.
    EVAL_CONCURRENCY must be a whole number.
    OPENAI_BASE_URL must be an http(s) URL.
    GEMINI_BASE_URL must not contain a user name; use the provider's key.
    "
  `);
});

test("a model that names no provider is refused at start", async () => {
  const { code, stderr } = await runHere(["start"], {
    DATABASE_URL: (await useDatabase()).url,
    EVAL_LLM_MODEL: "acme/x",
  });
  expect(code).toBe(1);
  expect(stderr).toContain("EVAL_LLM_MODEL");
});

test("an unreachable database is reported in one line", async () => {
  const { code, stderr } = await runHere(["start"], { DATABASE_URL: "postgres://127.0.0.1:1/none" });
  expect(code).toBe(1);
  expect(stderr).toContain("DATABASE_URL");
  expect(stderr.trim().split("\n")).toHaveLength(1);
});

test("an address in use is reported in one line", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const address = taken.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";
  const { code, stderr } = await runHere(["start"], {
    DATABASE_URL: (await useDatabase()).url,
    PORT: port,
  });
  expect(code).toBe(1);
  expect(stderr).toContain("PORT");
});

test("--help explains the commands and every variable; an unknown role is refused", async () => {
  const help = await run(["--help"]);
  expect(help.code).toBe(0);
  for (const word of [
    "start",
    "migrate",
    "keys",
    "projects",
    "organizations",
    "audit",
    "DATABASE_URL",
    "EVAL_CONCURRENCY",
    "GOOGLE_CLOUD_PROJECT",
  ]) {
    expect(help.stdout).toContain(word);
  }
  const role = await run(["start", "--role", "chief"]);
  expect(role.code).toBe(1);
  expect(role.stderr).toContain("Allowed choices are all, api, worker");
});

test("keys are created, listed and revoked; a revoked or expired one does not work", {
  timeout: 90_000,
}, async () => {
  const database = await useDatabase();
  const environment = { DATABASE_URL: database.url };
  const made = await runHere(["keys", "create", "--organization", "acme", "--name", "ci"], environment);
  const key = made.stdout.trim();
  expect(key).toMatch(/^sk_pp_[0-9a-f]{64}$/);
  const expired = await runHere(["keys", "create", "--expires", "2020-01-01"], environment);
  expect((await runHere(["keys", "create", "--expires", "soon"], environment)).code).toBe(1);

  const server = await useTestServer({ database, role: "api" });
  const api = new ApiClient({ url: server.url, apiKey: key, project: "p" });
  expect((await api.get("/traces")).status).toBe(200);
  expect((await api.as({ apiKey: expired.stdout.trim() }).get("/traces")).status).toBe(401);

  const listed = await runHere(["keys", "list"], environment);
  expect(listed.stdout).toContain("acme");
  expect(listed.stdout).not.toContain(key);
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}(?=.*acme)/.exec(listed.stdout)?.[0] ?? "";
  expect((await runHere(["keys", "revoke", id], environment)).code).toBe(0);
  expect((await api.get("/traces")).status).toBe(401);
  expect((await runHere(["keys", "revoke", id], environment)).code).toBe(1);
});

test("the start names the masking rules, or says what is wrong with one", { timeout: 60_000 }, async () => {
  const DATABASE_URL = (await useDatabase()).url;
  const wrong = await runHere(["start"], { DATABASE_URL, MASKING_RULES: '{"phone": true}' });
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toMatch(/MASKING_RULES must be JSON with rules.*phone/s);
  const MASKING_RULES = '{"email": true, "customer": {"keys": ["ssn"]}}';
  const server = await spawnServer({ DATABASE_URL, MASKING_RULES }, ["--role", "api"]);
  onTestFinished(async () => void (await server.end("SIGTERM")));
  expect(server.lines.join("\n")).toContain(", masking by 2 rules: email, customer");
});

test("the audit log of an organization is listed, as a table or as JSON", { timeout: 60_000 }, async () => {
  const environment = { DATABASE_URL: (await useDatabase()).url };
  const cli = (...args: string[]) => runHere(args, environment);
  for (const name of ["first", "second"])
    await cli("keys", "create", "--organization", "acme", "--name", name);
  const acme = ["--organization", "acme"];
  const table = await cli("audit", "list", ...acme, "--limit", "1");
  expect(table.stdout).toMatch(/key\.created.*second/);
  expect(table.stdout).not.toContain("first");
  expect(table.stdout).toContain("1 older events are not shown");
  const json = await cli("audit", "list", ...acme, "--json");
  const events = json.stdout
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  expect(events).toMatchObject([
    { action: "key.created", details: { name: "second" } },
    { action: "key.created", details: { name: "first" } },
  ]);
  expect(await cli("audit", "list", "--organization", "none")).toMatchObject({ code: 1, stdout: "" });
  expect((await cli("audit", "list", ...acme, "--limit", "few")).stderr).toMatch(/^--limit must be/);
});

test("migrate may be repeated, and run concurrently", async () => {
  const environment = { DATABASE_URL: (await useDatabase()).url };
  const results = await Promise.all([run(["migrate"], environment), runHere(["migrate"], environment)]);
  expect(results.map((result) => result.code)).toEqual([0, 0]);
  expect(results[0]?.stdout).toContain("up to date");
});

test("an embedded database gets one key, printed once; a second server on its folder is refused", {
  timeout: 90_000,
}, async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), "pandaprobe-cli-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const environment = { PANDAPROBE_DATA_DIR: dataDir };
  const first = await spawnServer(environment);
  onTestFinished(async () => void (await first.end("SIGKILL")));
  const key = /sk_pp_[0-9a-f]{64}/.exec(first.lines.join("\n"))?.[0] ?? "";
  const api = new ApiClient({ url: first.url, apiKey: key, project: "p" });
  expect((await api.get("/ready")).status).toBe(200);
  expect((await api.get("/traces")).status).toBe(200);
  const link = first.lines.find((line) => line.startsWith("Open the page")) ?? "";
  expect(link).toContain(`${first.url}/app/#code=`);
  const code = link.slice(link.indexOf("#code=") + "#code=".length);
  expect((await exchange(first.url, `${code}x`)).status).toBe(404);
  expect(await (await exchange(first.url, code)).json()).toEqual({ api_key: key });
  expect((await exchange(first.url, code)).status).toBe(404);

  const second = await runHere(["start"], environment);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(dataDir);
  // Keys can be managed beside the running server.
  expect((await runHere(["keys", "list"], environment)).stdout).toContain("default");

  expect(await first.end("SIGTERM")).toEqual({ code: 0, signal: null });
  const again = await spawnServer(environment);
  expect(again.lines.join("\n")).not.toMatch(/sk_pp_|#code=/);
  expect((await exchange(again.url, code)).status).toBe(404);
  expect((await api.as({ url: again.url }).get("/traces")).status).toBe(200);
  await again.end("SIGTERM");
});

test("keys are created with scopes and projects, and rotated with an overlap", {
  timeout: 90_000,
}, async () => {
  const database = await useDatabase();
  const environment = { DATABASE_URL: database.url };
  const cli = (...args: string[]) => runHere(args, environment);
  for (const [option, value] of [
    ["--scopes", "read,write"],
    ["--projects", "a/b"],
    ["--expires", "soon"],
  ] as const) {
    const { code, stderr } = await cli("keys", "create", option, value);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^${option} (takes|must be) .*`));
  }
  const both = await cli("keys", "create", "--scopes", "admin", "--projects", "shop");
  expect(both.code).toBe(1);
  expect(both.stderr).toContain("scope admin");
  const made = await cli("keys", "create", "--name", "in", "--scopes", "ingest,read", "--projects", "shop");

  const server = await useTestServer({ database, role: "api" });
  const api = new ApiClient({ url: server.url, apiKey: made.stdout.trim(), project: "shop" });
  const trace = { name: "a", started_at: "2026-03-01" };
  expect((await api.post("/traces", trace)).status).toBe(202);
  expect((await api.as({ project: "bank" }).post("/traces", trace)).status).toBe(403);
  expect((await api.get("/keys")).status).toBe(403);

  const listed = await cli("keys", "list");
  for (const word of ["ingest, read", "shop", "last used", "never"]) expect(listed.stdout).toContain(word);
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}(?=.*shop)/.exec(listed.stdout)?.[0] ?? "";
  expect((await cli("keys", "rotate", id, "--overlap", "soon")).stderr).toMatch(/^--overlap must be/);
  const rotated = await cli("keys", "rotate", id, "--overlap", "0s");
  expect(rotated.code).toBe(0);
  expect((await api.get("/traces")).status).toBe(401);
  expect((await api.as({ apiKey: rotated.stdout.trim() }).get("/traces")).status).toBe(200);
});

test("projects are listed, shown with their quotas, and erased, and so is an organization", {
  timeout: 90_000,
}, async () => {
  const database = await useDatabase();
  const environment = { DATABASE_URL: database.url, QUOTA_TRACES: "1000" };
  const cli = (...args: string[]) => runHere(args, environment);
  const key = (await cli("keys", "create", "--organization", "acme")).stdout.trim();
  const server = await useTestServer({ database, role: "api" });
  const api = new ApiClient({ url: server.url, apiKey: key, project: "shop" });
  await api.post("/traces", { name: "a", started_at: "2026-03-01T09:00:00Z" });
  await api.as({ project: "bank" }).post("/traces", { name: "a", started_at: "2026-03-01" });

  const acme = ["--organization", "acme"];
  const listed = await cli("projects", "list", ...acme);
  expect(listed.stdout).toMatch(/bank.*\n.*shop/);
  expect(listed.stdout).toContain("2026-03-01T09:00:00.000Z");
  const usage = await cli("projects", "usage", "shop", ...acme);
  expect(usage.stdout).toMatch(/traces\W+1\W+1000/);
  expect((await cli("projects", "usage", "none", ...acme)).stderr).toContain("projects list");

  const asked = await cli("projects", "delete", "shop", ...acme);
  expect([asked.code, asked.stderr]).toEqual([1, expect.stringContaining("--yes")]);
  expect((await api.get<{ total: number }>("/traces")).body.total).toBe(1);
  // No worker runs, so the command erases everything.
  expect((await cli("projects", "delete", "shop", ...acme, "--yes")).code).toBe(0);
  expect((await api.get<{ total: number }>("/traces")).body.total).toBe(0);
  expect((await cli("projects", "list", ...acme)).stdout).not.toContain("shop");

  expect((await cli("organizations", "delete", "acme")).code).toBe(1);
  expect((await cli("organizations", "delete", "acme", "--yes")).code).toBe(0);
  expect((await api.get("/traces")).status).toBe(401);
  expect((await cli("organizations", "delete", "acme", "--yes")).stderr).toContain("no organization");
});
