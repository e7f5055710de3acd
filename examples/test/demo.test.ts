/** @module-tag slow */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { loadSampleTraces } from "../load-traces.ts";
import { runProgram } from "./run-program.ts";

const scores = /(?: +(?:\d\.\d\d|n\/a|fail)){8}$/gm;

test("shows a score for every trace and metric, and leaves nothing behind", {
  timeout: 120_000,
}, async () => {
  const { code, output, errors } = await runProgram("scripts/demo.ts", [], {});
  expect({ code, errors }).toEqual({ code: 0, errors: "" });
  expect(output.match(scores)).toHaveLength((await loadSampleTraces()).length);
  for (const heading of ["The 5 worst of 7 sessions", "Summary", "Distribution", "Trend", "Traffic"])
    expect(output).toMatch(new RegExp(`^${heading}`, "m"));
  expect(output).toMatch(/agent_reliability +0\.\d\d .*7 scores$/m);
  expect(output).toContain("Judged by heuristic/v1");
  expect(output).toContain("OPENAI_API_KEY");
  expect(output).not.toContain("\x1b");
  await expectNothingLeft(output);
});

test("leaves nothing behind when it is stopped in the middle", { timeout: 120_000 }, async () => {
  const path = fileURLToPath(new URL("../../scripts/demo.ts", import.meta.url));
  const demo = spawn(process.execPath, ["--conditions=@pandaprobe/source", path], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
    stdio: ["ignore", "pipe", "ignore"],
  });
  let output = "";
  const end = once(demo, "close");
  createInterface({ input: demo.stdout }).on("line", (line) => {
    output += `${line}\n`;
    if (line.includes("ready at")) demo.kill("SIGTERM");
  });
  expect(await end).toEqual([143, null]);
  expect(output).not.toMatch(scores);
  await expectNothingLeft(output);
});

test("refuses an unknown option, and lists the known ones", async () => {
  const { code, output, errors } = await runProgram("scripts/demo.ts", ["--fast"], {});
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(errors).toContain('does not know "--fast"');
  expect(errors).toContain("--keep");
});

test("shows the server's error when it does not start", async () => {
  const { code, output, errors } = await runProgram("scripts/demo.ts", [], { EVAL_CONCURRENCY: "many" });
  expect(code).toBe(1);
  expect(errors).toContain("EVAL_CONCURRENCY must be a whole number.");
  expect(existsSync(folderIn(output))).toBe(false);
});

async function expectNothingLeft(output: string): Promise<void> {
  expect(existsSync(folderIn(output))).toBe(false);
  const url = /ready at (\S+)/.exec(output)?.[1] ?? "";
  await expect(fetch(`${url}/health`)).rejects.toThrow("fetch failed");
}

function folderIn(output: string): string {
  const folder = /, in (\S+)$/m.exec(output)?.[1];
  if (folder === undefined) throw new Error(`No folder in ${output}`);
  return folder;
}
