/** @module-tag slow */
import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, test, vi } from "vitest";
import { importHelp } from "../../src/cli/import/help.ts";
import { importOptionDefinitions, importSettings } from "../../src/cli/import/import-settings.ts";
import { sendJson, sendProblem, startTestServer, type TestServer } from "../support/test-server.ts";
import { runMain } from "./support/run-main.ts";
import { credentials, endedCommand, startCommand } from "./support/start-command.ts";

vi.setConfig({ testTimeout: 60_000 });

let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
let file = "";
beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-import-test-"));
  file = join(folder.path, "traces.jsonl");
  const traces = Array.from({ length: 950 }, (_, index) => ({
    trace_id: `00000000-0000-0000-0000-${String(index).padStart(12, "0")}`,
    name: "t",
    started_at: "2026-03-01T00:00:00.000Z",
    spans: [],
  }));
  await writeFile(file, traces.map((trace) => `${JSON.stringify(trace)}\n`).join(""));
});
afterAll(() => folder.remove());

const accepted = (body: string) => ({
  items: JSON.parse(body).traces.map((_: unknown, index: number) => ({ index, error: null })),
});

/** The command in this process. */
function runImport(server: TestServer, ...args: string[]) {
  return runMain(["import", ...args], { ...credentials, PANDAPROBE_ENDPOINT: server.endpoint });
}

/** The command in a process of its own, with a folder of its own for temporary files. */
function startImport(server: TestServer, ...args: string[]) {
  const environment = { PANDAPROBE_ENDPOINT: server.endpoint, TMPDIR: folder.path };
  return startCommand(["import", ...args], environment);
}

const leftBehind = async () => (await readdir(folder.path)).filter((name) => name.startsWith("pandaprobe-"));

it("makes as many requests at once as --concurrency says", async () => {
  let [now, most] = [0, 0];
  await using server = await startTestServer(async (response, { body }) => {
    now += 1;
    most = Math.max(most, now);
    await delay(50);
    now -= 1;
    sendJson(response, 202, accepted(body));
  });
  const { code, stderr } = await endedCommand(startImport(server, file, "--concurrency=3"));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "Imported 950 traces, 0 spans and 0 scores.\n" });
  expect(most).toBe(3);
  expect(server.requests).toHaveLength(10);
  expect(await leftBehind()).toEqual([]);
});

it("waits as long as a server that limits requests says", async () => {
  const times: number[] = [];
  await using server = await startTestServer((response, { body }) => {
    times.push(performance.now());
    if (times.length === 1)
      return sendProblem(response, 429, { code: "rate_limited" }, { "retry-after": "1" });
    return sendJson(response, 202, accepted(body));
  });
  expect(await runImport(server, file, "--concurrency=1")).toMatchObject({ code: 0 });
  const [first = 0, second = 0] = times;
  expect(second - first).toBeGreaterThan(990);
  expect(times).toHaveLength(11);
});

it("halves requests that are too large for the server, and names items that are too large on their own", async () => {
  await using server = await startTestServer((response, { body }) => {
    const { traces } = JSON.parse(body);
    if (traces.length > 60 || traces.some(({ trace_id }: { trace_id: string }) => trace_id.endsWith("7")))
      return sendProblem(response, 413, { code: "payload_too_large", detail: "Too large." });
    return sendJson(response, 202, accepted(body));
  });
  const { code, stderr } = await runImport(server, file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/traces\.jsonl:\d*8: The server refused trace 0{8}-.*7: Too large\./);
  expect(stderr).toContain("… and 75 rows more that could not be imported");
  expect(stderr).toContain("Imported 855 traces, 0 spans and 0 scores. 95 rows could not be imported.");
});

describe("an import that is interrupted", () => {
  it("says how much it stored, and leaves no temporary files", async () => {
    await using server = await startTestServer((response, { body }) => {
      // The third request waits forever.
      if (server.requests.length < 3) sendJson(response, 202, accepted(body));
    });
    const command = startImport(server, file, "--concurrency=1");
    await vi.waitFor(() => expect(server.requests).toHaveLength(3), 30_000);
    expect(await leftBehind()).toHaveLength(1);
    command.kill("SIGINT");
    const { code, stderr } = await endedCommand(command);
    expect(code).toBe(130);
    expect(stderr).toContain(
      "Imported 200 traces, 0 spans and 0 scores. Run the same command again to import the rest.",
    );
    expect(await leftBehind()).toEqual([]);
  });
});

it.each([
  [401, "invalid_credentials", "Check PANDAPROBE_API_KEY"],
  [403, "insufficient_scope", "It needs the scope ingest."],
])("is wrong use of a key that is answered %i %s", async (status, code, message) => {
  await using server = await startTestServer((response) => {
    sendProblem(response, status, { code, detail: "It needs the scope ingest." });
  });
  const refused = await runImport(server, file);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toContain(message);
  expect(refused.stderr).not.toContain("again");
});

it("reads standard input", async () => {
  await using server = await startTestServer((response, { body }) => sendJson(response, 202, accepted(body)));
  const environment = { PANDAPROBE_ENDPOINT: server.endpoint, TMPDIR: folder.path };
  const command = startCommand(["import", "-"], environment, `exec "$@" < ${file}`);
  expect(await endedCommand(command)).toMatchObject({ code: 0 });
  expect(server.requests.length).toBeGreaterThan(9);
});

test("JSON that nests too deeply is one invalid row", async () => {
  await using server = await startTestServer((response, { body }) => sendJson(response, 202, accepted(body)));
  const deep = join(folder.path, "deep.jsonl");
  const nested = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const [first] = (await readFile(file, "utf8")).split("\n");
  await writeFile(
    deep,
    `${first}\n${first?.replace('"spans":[]', `"spans":[],"input":${nested}`)}\n${first}\n`,
  );
  const { code, stderr } = await runImport(server, deep);
  expect(code).toBe(1);
  expect(stderr).toMatch(/deep\.jsonl:2: The row nests too deeply\./);
  expect(stderr).toContain("Imported 1 trace,");
});

test.each([
  [["import"], "Choose what to import"],
  [["import", "/nowhere/traces.jsonl"], "There is no file /nowhere/traces.jsonl."],
  [["import", "a.jsonl", "--from=langsmith"], "--from must be one of"],
  [["import", "a.jsonl", "--concurrency=99"], "--concurrency must be from 1 to 16"],
  [["import", "packages"], "packages is a folder. Name the files in it."],
  [
    ["import", "package.json"],
    "package.json is not an export of a known format. package.json:1: The line is",
  ],
])("refuses %j", async (args, message) => {
  const { code, stdout, stderr } = await runMain(args, credentials);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

describe("the options", () => {
  const listed = [...importHelp.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);

  it("are all in the help, and no others", () => {
    expect(listed.sort()).toEqual(Object.keys(importOptionDefinitions).sort());
  });

  it("are explained in docs/moving-in.md, whose command lines work as written", async () => {
    const page = await readFile(new URL("../../../../docs/moving-in.md", import.meta.url), "utf8");
    for (const name of Object.keys(importOptionDefinitions).filter((each) => each !== "help"))
      expect(page).toMatch(new RegExp(`--${name}\\b`));
    const lines = [importHelp, page].flatMap((text) =>
      [...text.matchAll(/^(?:npx (?:--yes )?@pandaprobe\/sdk| {2}pandaprobe) import ([^|\n]+)/gm)].map(
        ([, args = ""]) => args.trim(),
      ),
    );
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) expect(importSettings(line.split(" "))?.files).not.toEqual([]);
  });
});
