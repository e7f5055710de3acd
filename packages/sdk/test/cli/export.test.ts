/** @module-tag slow */
import { once } from "node:events";
import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, test, vi } from "vitest";
import { exportOptionDefinitions, exportSettings } from "../../src/cli/export/export-settings.ts";
import { exportHelp } from "../../src/cli/export/help.ts";
import { sendJson, sendProblem, startTestServer } from "../support/test-server.ts";
import { runMain } from "./support/run-main.ts";
import { credentials, endedCommand, startCommand } from "./support/start-command.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A server with 1,000 traces that returns as many as it is allowed to. */
async function startTraceServer(allowed: number) {
  let given = 0;
  return startTestServer(async (response, { url }) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (pathname === "/traces") {
      const from = Number(searchParams.get("cursor") ?? 0);
      const items = Array.from({ length: 200 }, (_, index) => ({ trace_id: `t-${from + index}` }));
      const next_cursor = from < 800 ? `${from + 200}` : null;
      return sendJson(response, 200, { items, total: 1000, limit: 200, offset: 0, next_cursor });
    }
    given += 1;
    // Waits forever.
    if (given > allowed) return undefined;
    return sendJson(response, 200, { trace_id: pathname.slice("/traces/".length), name: "x".repeat(10_000) });
  });
}

describe("an export that is interrupted", () => {
  it("leaves complete lines under another name, and does not change the older file", async () => {
    await using server = await startTraceServer(150);
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
    const out = join(folder.path, "traces.jsonl");
    await writeFile(out, "older\n");
    const command = startCommand(["export", "--traces", `--out=${out}`], {
      PANDAPROBE_ENDPOINT: server.endpoint,
    });
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(151), 30_000);
    command.kill("SIGINT");
    const { code, stderr } = await endedCommand(command);
    expect(code).toBe(130);
    const partial = await readFile(`${out}.partial`, "utf8");
    const ids = partial
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).trace_id);
    // The last answers may still be on their way.
    expect(ids.length).toBeGreaterThan(0);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => `t-${index}`));
    expect(stderr).toContain(
      `${ids.length} traces, each of them complete, are in ${out}.partial. To export the rest, run the same command with --resume. ${out} was not changed.`,
    );
    expect(await readFile(out, "utf8")).toBe("older\n");
  });
});

describe("--resume", () => {
  /** Traces, two a second and two a page, from the last time of the API on, and scores. All are listed newest first. */
  async function startRows() {
    const traces = Array.from({ length: 9 }, (_, n) => ({
      trace_id: `t-${n}`,
      started_at: new Date(Date.UTC(9999, 11, 31, 23, 59, 59 - Math.floor(n / 2), 999)).toISOString(),
    }));
    const scores = traces.map(({ trace_id, started_at }) => ({
      id: `s-${trace_id}`,
      created_at: started_at,
    }));
    const read: string[] = [];
    const server = await startTestServer((response, { url }) => {
      const { pathname, searchParams } = new URL(url, "http://localhost");
      const isBefore = (time: string, end: string | null) => end === null || time < end;
      if (pathname === "/traces") {
        const from = Number(searchParams.get("cursor") ?? 0);
        const found = traces.filter((each) => isBefore(each.started_at, searchParams.get("started_before")));
        const next_cursor = from + 2 < found.length ? `${from + 2}` : null;
        const items = found.slice(from, from + 2);
        return sendJson(response, 200, { items, total: found.length, limit: 2, offset: 0, next_cursor });
      }
      if (pathname === "/evaluations/trace-scores") {
        const items = scores.filter((each) => isBefore(each.created_at, searchParams.get("date_to")));
        return sendJson(response, 200, { items, total: items.length, limit: 200, offset: 0 });
      }
      const trace = traces.find(({ trace_id }) => pathname === `/traces/${trace_id}`);
      read.push(trace?.trace_id ?? "");
      return sendJson(response, 200, { ...trace, text: "é" });
    });
    return { server, read, traces: traces.map((trace) => ({ ...trace, text: "é" })), scores };
  }
  const linesOf = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

  it.each([0, 1, 2, 3, 8, 9])("continues after %i traces, and a line that was cut", async (count) => {
    const { server, read, traces } = await startRows();
    await using _ = server;
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
    const out = join(folder.path, "traces.jsonl");
    const whole = linesOf(traces.slice(0, count));
    const cut = linesOf(traces.slice(count, count + 1)).slice(0, -1);
    await writeFile(`${out}.partial`, whole + cut);
    const args = ["export", "--traces", "--resume", `--out=${out}`];
    const { code, stderr } = await runMain(args, { ...credentials, PANDAPROBE_ENDPOINT: server.endpoint });
    const before = count === 0 ? "" : ` ${count} trace${count === 1 ? "" : "s"} had been exported before.`;
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Exported 9 traces to ${out}.${before}\n` });
    expect(await readFile(out, "utf8")).toBe(linesOf(traces));
    expect(read).toEqual(traces.slice(count).map(({ trace_id }) => trace_id));
    expect(await readdir(folder.path)).toEqual(["traces.jsonl"]);
  });

  it("continues scores, and begins where there is nothing to continue", async () => {
    const { server, scores } = await startRows();
    await using _ = server;
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
    const out = join(folder.path, "scores.jsonl");
    const args = ["export", "--scores", "--resume", `--out=${out}`];
    for (const earlier of [linesOf(scores.slice(0, 3)), null]) {
      if (earlier !== null) await writeFile(`${out}.partial`, earlier);
      const { code } = await runMain(args, { ...credentials, PANDAPROBE_ENDPOINT: server.endpoint });
      expect([code, await readFile(out, "utf8")]).toEqual([0, linesOf(scores)]);
    }
  });

  it("leaves a file that this command did not write as it is", async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
    const out = join(folder.path, "traces.jsonl");
    const other = linesOf([{ id: "s", created_at: "2026-03-01T09:00:00.000Z" }]);
    await writeFile(`${out}.partial`, other);
    const args = ["export", "--traces", "--resume", `--out=${out}`];
    const { code, stderr } = await runMain(args, credentials);
    expect(code).toBe(2);
    expect(stderr).toContain("line 1 is not what this command writes");
    expect(await readFile(`${out}.partial`, "utf8")).toBe(other);
  });
});

it("names the project if nothing matches, and no file that is not there if nothing was exported", async () => {
  let status = 200;
  await using server = await startTestServer((response) => {
    if (status === 200)
      return sendJson(response, 200, { items: [], total: 0, limit: 200, offset: 0, next_cursor: null });
    return sendProblem(response, status, { code: "insufficient_scope", detail: "It needs the scope read." });
  });
  await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
  const exported = (name: string) => {
    const args = ["export", "--traces", "--project=misspelt", `--out=${join(folder.path, name)}`];
    return runMain(args, { ...credentials, PANDAPROBE_ENDPOINT: server.endpoint });
  };
  const empty = await exported("empty.jsonl");
  expect(empty).toMatchObject({ code: 0, stdout: "" });
  expect(empty.stderr).toMatch(/^Exported 0 traces to .*empty\.jsonl\. Check the project, "misspelt"/);
  status = 403;
  const refused = await exported("refused.jsonl");
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/It needs the scope read\..*\nNothing was exported\.\n$/);
});

it("ends as SIGPIPE would if the reader of standard output ends early", async () => {
  await using server = await startTraceServer(1000);
  const command = startCommand(["export", "--traces"], { PANDAPROBE_ENDPOINT: server.endpoint });
  command.stdout.once("data", () => command.stdout.destroy());
  const [stderr, [code]] = await Promise.all([text(command.stderr), once(command, "exit")]);
  expect({ code, stderr }).toEqual({ code: 141, stderr: "" });
  expect(server.requests.length).toBeLessThan(1000);
});

it("leaves out rows that are deleted before they are read, and waits for a busy server", async () => {
  let asked = 0;
  await using server = await startTestServer((response, { url }) => {
    if (url.startsWith("/traces?")) {
      const items = ["a", "b", "c"].map((trace_id) => ({ trace_id }));
      return sendJson(response, 200, { items, total: 3, limit: 200, offset: 0, next_cursor: null });
    }
    if (url === "/traces/b") return sendProblem(response, 404, { code: "not_found" });
    asked += 1;
    if (asked <= 2) return sendProblem(response, 429, { code: "rate_limited" }, { "retry-after": "1" });
    return sendJson(response, 200, { trace_id: url.slice("/traces/".length) });
  });
  const environment = { ...credentials, PANDAPROBE_ENDPOINT: server.endpoint };
  expect(await runMain(["export", "--traces"], environment)).toEqual({
    code: 0,
    stdout: '{"trace_id":"a"}\n{"trace_id":"c"}\n',
    stderr: "Exported 2 traces.\n",
  });
});

test.each([
  [["export"], "Choose what to export"],
  [["export", "--traces", "--scores"], "Choose what to export"],
  [["export", "--traces", "--format=xml"], "--format must be jsonl or csv"],
  [["export", "--traces", "--filter=eval_run_id=1"], "is not a filter for traces"],
  [["export", "--scores", "--filter=value_min=high"], "must be a number from 0 to 1"],
  [["export", "--run=1"], "--run must be the id of a run"],
  [
    ["export", `--run=${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}`, "--since=1h"],
    "remove --filter and --since",
  ],
  [["export", `--run=${"0".repeat(8)}-0000-4000-8000-${"0".repeat(12)}`, "--format=csv"], "one kind of row"],
  [["export", "--traces", "--resume"], "name it with --out"],
  [["export", "--traces", "--resume", "--out=x.csv", "--format=csv"], "--resume continues a JSONL file"],
  [["export", "--traces", "--out=/nowhere/at/all"], "cannot be written"],
  [["export", "--trace"], "Did you mean --traces?"],
  [["exprot"], "Did you mean export?"],
])("refuses %j", async (args, message) => {
  const { code, stdout, stderr } = await runMain(args, credentials);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

const page = await readFile(new URL("../../../../docs/moving-in.md", import.meta.url), "utf8");

describe("the options", () => {
  it("are all in the help, and no others", () => {
    const listed = [...exportHelp.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
    expect(listed.sort()).toEqual(Object.keys(exportOptionDefinitions).sort());
  });

  it("are explained in docs/moving-in.md", () => {
    for (const name of Object.keys(exportOptionDefinitions).filter((each) => each !== "help"))
      expect(page).toMatch(new RegExp(`--${name}\\b`));
  });

  const lines = [exportHelp, page].flatMap((text) =>
    [...text.matchAll(/^(?:npx (?:--yes )?@pandaprobe\/sdk| {2}pandaprobe) export (--[^|\n]+)/gm)].map(
      ([, args = ""]) => args.trim(),
    ),
  );

  it.each(lines)("work as written: export %s", (line) => {
    const { kind, run } = exportSettings(line.split(" "))?.source ?? {};
    expect(String(kind ?? run)).toMatch(/^(traces|scores|session-scores|[\da-f-]{36})$/);
  });

  it("are shown in examples", () => {
    expect(lines.length).toBeGreaterThanOrEqual(5);
  });
});

it("leaves no file if nothing was asked", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-export-"));
  const out = join(folder.path, "traces.jsonl");
  const args = ["export", "--traces", "--filter=tags=", `--out=${out}`];
  expect(await runMain(args, credentials)).toMatchObject({ code: 2 });
  expect(await readdir(folder.path)).toEqual([]);
});
