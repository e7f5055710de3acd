/** @module-tag slow */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runMain } from "../../../sdk/test/cli/support/run-main.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { credentialsEnvironment } from "./support/credentials-environment.ts";
import { useJudgedServer } from "./support/judged-server.ts";
import { canMakeTerminals, evalForShell, onTerminal, runEval, startCommand } from "./support/run-command.ts";

const esc = "\x1b";
const eraseLine = `\r${esc}[2K`;

/** What a line of the terminal shows after each redraw. */
const drawn = (screen: string) => screen.replaceAll(eraseLine, "\r\n").split("\r\n");

const terminalTest = test.skipIf(!canMakeTerminals);

terminalTest("a terminal shows a bar that grows in its place, and is gone at the end", async () => {
  const server = await useJudgedServer(Array(30).fill(0.5), { latencyMs: 30 });
  await storeTraces(server.api, 30);
  const terminal = onTerminal(evalForShell(["--min=confidence=0.5"]), credentialsEnvironment(server));
  expect(await terminal.exitCode).toBe(0);
  const lines = drawn(terminal.screen());
  const bars = lines.filter((line) => line.startsWith("█") || line.startsWith("░"));
  expect(bars[0]).toContain(`${"░".repeat(24)} 0 of 30 traces`);
  expect(bars.at(-1)).toContain(`${"█".repeat(24)} 30 of 30 traces`);
  for (const bar of bars) expect(bar.length).toBeLessThan(80);
  // The bar is erased before anything else is written.
  const afterBars =
    terminal
      .screen()
      .split(bars.at(-1) ?? "")
      .at(-1) ?? "";
  expect(afterBars.replaceAll(eraseLine, "ERASED ")).toMatch(/^(ERASED )+\S+Run /);
  expect(terminal.screen()).toContain("\x1b[32m✓ confidence");
});

terminalTest("a narrow terminal shows the numbers, and each reason on a line of its own", async () => {
  const server = await useJudgedServer(Array(20).fill(0.5), { latencyMs: 20 });
  await storeTraces(server.api, 20);
  const columns = 45;
  const terminal = onTerminal(
    evalForShell(["--min=confidence=0.6", "--no-color"]),
    credentialsEnvironment(server),
    { columns },
  );
  expect(await terminal.exitCode).toBe(1);
  const lines = drawn(terminal.screen());
  expect(lines).toContainEqual(expect.stringMatching(/^█{13} 20 of 20 traces/));
  // Text that is printed once, or ends the report, wraps to the next line, as in any terminal.
  for (const line of lines.filter((each) => !/^Run \S+: |^Not passed/.test(each)))
    expect(line.length).toBeLessThanOrEqual(columns);
  const title = lines.findIndex((line) => /^Run \S+$/.test(line));
  expect(lines.slice(title + 1, lines.indexOf("", title)).join(" · ")).toMatch(
    /^20 traces · openai\/test · \d+ m?s · 20 calls$/,
  );
  const lowest = lines.indexOf("Lowest confidence");
  expect(lines[lowest + 1]).toMatch(/^ {2}0\.50 {4}[\da-f-]+…$/);
  expect(lines[lowest + 2]).toMatch(/^ {4}Because it is number \d+\.$/);
});

terminalTest.each([
  [["--no-color"], {}],
  [[], { NO_COLOR: "1" }],
])("no colors are shown where none are wanted: %j %j", async (args, environment) => {
  const server = await useTestServer();
  await storeTraces(server.api, 1);
  const all = { ...credentialsEnvironment(server), ...environment };
  const terminal = onTerminal(evalForShell(["--min=coherence=0", ...args]), all);
  expect(await terminal.exitCode).toBe(0);
  expect(terminal.screen()).toContain("✓ coherence");
  expect(terminal.screen().replaceAll(eraseLine, "")).not.toContain(esc);
});

terminalTest(
  "reasons are cut to the terminal's width, and cannot move its cursor or command the CI",
  async () => {
    const reasons = [
      "日本語の理由。".repeat(20),
      "\x1b[2J\x1b[31mred\n::error::not\n##[add-mask]x \u202edesrever",
    ];
    const server = await useJudgedServer([0.1, 0.2], { reason: (n) => reasons[n] ?? "" });
    await storeTraces(server.api, 2);
    const terminal = onTerminal(
      evalForShell(["--min=confidence=0.5", "--no-color", "--quiet"]),
      credentialsEnvironment(server),
    );
    expect(await terminal.exitCode).toBe(1);
    const lines = terminal.screen().split("\r\n");
    const wide = lines.find((line) => line.includes("日本語")) ?? "";
    expect(wide.endsWith("…")).toBe(true);
    const columns = [...wide].reduce((sum, character) => sum + (character > "\u2fff" ? 2 : 1), 0);
    expect(columns).toBeGreaterThan(77);
    expect(columns).toBeLessThanOrEqual(80);

    const { stdout } = await runEval(server, ["--min=confidence=0.5"]);
    expect(stdout).toContain("[2J [31mred ::error::not # #[add-mask]x desrever\n");
    expect(stdout).not.toMatch(/\u202e|^::|##\[/m);
    expect(stdout).not.toContain(esc);
  },
);

test("a log gets a line at every tenth, and none with --quiet", async () => {
  const server = await useJudgedServer(Array(40).fill(0.5), { latencyMs: 20 });
  await storeTraces(server.api, 40);
  const { code, stderr } = await runEval(server, ["--metrics=confidence"]);
  expect(code).toBe(0);
  expect(stderr).not.toContain(esc);
  expect(stderr).not.toContain("\r");
  const counts = [...stderr.matchAll(/^(\d+) of 40 traces/gm)].map(([, count]) => Number(count));
  expect(counts.at(-1)).toBe(40);
  expect(counts.length).toBeLessThanOrEqual(11);
  expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
  expect((await runEval(server, ["--metrics=confidence", "--quiet"])).stderr).toBe("");
});

test("the log names the provider that the run waits for, and so does the message after a timeout", async () => {
  let isDown = true;
  const server = await useJudgedServer(Array(10).fill(0.5), {
    fault: () => (isDown ? { kind: "status", status: 503 } : undefined),
  });
  await storeTraces(server.api, 10);
  const { code, stderr } = await runEval(server, ["--min=confidence=0.5", "--timeout=9s"]);
  expect(code).toBe(3);
  // Without the provider's own words: they may quote a trace, and other projects wait for the same model.
  const answered = "openai/test answered 503 Service Unavailable";
  // It is printed once, because it does not change.
  expect(stderr.split("\n").filter((line) => line.includes("waiting: "))).toEqual([
    `0 of 10 traces · waiting: ${answered}`,
  ]);
  expect(stderr).toContain("0 of 10 evaluated. It waits for openai/test: The model answered 503 Service");
  isDown = false;
  const [, id = ""] = /--run (\S+) with/.exec(stderr) ?? [];
  expect((await runEval(server, ["--run", id, "--min=confidence=0.5"])).code).toBe(0);
});

test("the log says that the server does not respond, and the command keeps waiting for the run", async () => {
  let isAway = true;
  const id = "33333333-3333-3333-3333-333333333333";
  const run = {
    id,
    name: null,
    model: null,
    metric_names: ["a"],
    total_traces: 1,
    total_targets: 1,
    failed_count: 0,
    target_type: "TRACE",
    created_at: "2026-03-01T00:00:00Z",
    usage: { calls: 0, cached_calls: 0, cost_usd: 0 },
  };
  const url = await useHttpServer((request, response) => {
    const answer = (body: object) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (request.method === "POST")
      answer({ ...run, status: "RUNNING", evaluated_count: 0, completed_at: null });
    else if (isAway) response.destroy();
    else if (request.url?.endsWith("/scores?prefer=person")) answer([]);
    else answer({ ...run, status: "COMPLETED", evaluated_count: 1, completed_at: "2026-03-01T00:00:01Z" });
  });
  const { code, stderr } = await runEval({ url, apiKey: "sk_pp_a" }, ["--metrics=a"], {}, (text) => {
    if (text.includes("0 of 1 trace · the server does not respond\n")) isAway = false;
  });
  expect(stderr).toContain("the server does not respond\n");
  expect({ code, isAway }).toEqual({ code: 0, isAway: false });
});

terminalTest("Ctrl-C on a terminal cancels the run", async () => {
  const server = await useJudgedServer(Array(50).fill(0.5), { latencyMs: 500 });
  await storeTraces(server.api, 50);
  const terminal = onTerminal(evalForShell(["--metrics=confidence"]), credentialsEnvironment(server));
  await waitUntil(async () => terminal.screen().includes("of 50 traces"));
  terminal.type("\x03");
  expect(await terminal.exitCode).toBe(130);
  expect(terminal.screen()).toMatch(/Run \S+ is cancelled, with \d+ of 50 evaluated\./);
});

test("the reader of the output may leave", async () => {
  const server = await useTestServer();
  await storeTraces(server.api, 3);
  const command = startCommand(["eval", "--min=coherence=1.0", "--json"], credentialsEnvironment(server));
  command.stdout.destroy();
  const [code, stderr] = await Promise.all([
    new Promise((resolve) => command.once("exit", resolve)),
    new Promise<string>((resolve) => {
      let all = "";
      command.stderr.setEncoding("utf8").on("data", (chunk: string) => {
        all += chunk;
      });
      command.stderr.once("end", () => resolve(all));
    }),
  ]);
  expect(code).toBe(1);
  expect(stderr).not.toContain("EPIPE");
});

test("help and version are results", async () => {
  const help = await runMain(["eval", "--help"], {});
  expect(help).toMatchObject({ code: 0, stderr: "" });
  for (const line of help.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  for (const args of [[], ["--help"], ["help"]]) {
    const { code, stdout } = await runMain(args, {});
    expect(stdout).toMatch(/^ {2}eval +evaluate traces/m);
    expect(code).toBe(0);
  }
  for (const args of [["--version"], ["eval", "--version"]]) {
    const { code, stdout } = await runMain(args, {});
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
    expect(code).toBe(0);
  }
  expect(await runMain(["evil"], {})).toMatchObject({ code: 2, stdout: "" });
});

async function useHttpServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
