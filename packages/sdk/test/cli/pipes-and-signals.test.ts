/** @module-tag slow */
import { existsSync } from "node:fs";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { startRunServer } from "./support/run-server.ts";
import { endedCommand, startCommand } from "./support/start-command.ts";

vi.setConfig({ testTimeout: 60_000 });

describe("a pipe that is closed early changes neither the exit code nor the report:", () => {
  test.each([
    ["stderr", "0.1", 0],
    ["stderr", "0.9", 1],
    ["stdout", "0.1", 0],
    ["stdout", "0.9", 1],
    ["both", "0.9", 1],
  ])("%s, with a threshold of %s", async (which, threshold, exitCode) => {
    await using server = await startRunServer();
    await using folder = await mkdtempDisposable(join(tmpdir(), "pandaprobe-pipes-"));
    const junit = join(folder.path, "report.xml");
    const command = startCommand(["eval", `--min=coherence=${threshold}`, `--junit=${junit}`], {
      PANDAPROBE_ENDPOINT: server.endpoint,
    });
    if (which !== "stdout") command.stderr.destroy();
    if (which !== "stderr") command.stdout.destroy();
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), 20_000);
    server.complete();
    const { code, stdout } = await endedCommand(command);
    expect(code).toBe(exitCode);
    expect(await readFile(junit, "utf8")).toContain(`failures="${exitCode}"`);
    if (which === "stderr") expect(stdout).toContain("coherence");
  });

  test("if the command line is invalid", async () => {
    const command = startCommand(["eval", "--bad"], {});
    command.stderr.destroy();
    expect(await endedCommand(command)).toMatchObject({ code: 2 });
  });
});

test.skipIf(!existsSync("/dev/full"))("reports that results are lost if the disk is full", async () => {
  await using server = await startRunServer();
  server.complete();
  const environment = { PANDAPROBE_ENDPOINT: server.endpoint };
  const command = startCommand(["eval", "--min=coherence=0.9"], environment, 'exec "$@" >/dev/full');
  const { code, stderr } = await endedCommand(command);
  expect(stderr).toContain("pandaprobe: the results could not be written: ENOSPC");
  expect(code).toBe(1);
});

describe("a signal", () => {
  test.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("cancels the run: %s", async (signal, exitCode) => {
    await using server = await startRunServer();
    const command = startCommand(["eval", "--metrics=coherence"], { PANDAPROBE_ENDPOINT: server.endpoint });
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(1), 20_000);
    command.kill(signal);
    expect(await endedCommand(command)).toMatchObject({ code: exitCode });
    expect(server.isCancelled()).toBe(true);
  });

  test("does not cancel a run that was started with nohup when the terminal is closed", async () => {
    await using server = await startRunServer();
    const command = startCommand(["eval", "--metrics=coherence"], {
      PANDAPROBE_ENDPOINT: server.endpoint,
      _: "/usr/bin/nohup",
    });
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(1), 20_000);
    command.kill("SIGHUP");
    const before = server.requests.length;
    await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(before), 20_000);
    server.complete();
    expect(await endedCommand(command)).toMatchObject({ code: 0 });
  });
});
