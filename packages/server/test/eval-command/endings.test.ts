/** @module-tag slow */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { describe, expect, onTestFinished, test } from "vitest";
import { getRun } from "../support/run-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { waitUntil } from "../support/wait-until.ts";
import { credentialsEnvironment } from "./support/credentials-environment.ts";
import { useJudgedServer } from "./support/judged-server.ts";
import { type Element, parseXml } from "./support/parse-xml.ts";
import { endedCommand, runEval, startCommand } from "./support/run-command.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A server that no request must reach. */
const nowhere = { url: "http://127.0.0.1:9", apiKey: "sk_pp_a" };

describe("pandaprobe eval exits with 2 and says what to write if it", () => {
  test.each([
    [["--metrik=a"], "Unknown option '--metrik'. Did you mean --metrics?"],
    [["-min", "a=1"], "Unknown option '-m'. Did you mean --min?"],
    [["--fiat"], /^pandaprobe: Unknown option '--fiat'\.\n/],
    [["a", "--metrics=b"], 'Unexpected argument "a".'],
    [[], "No metrics: use --metrics"],
    [["--metrics=,"], "No metrics: use --metrics"],
    [["--metrics"], "'--metrics <value>' argument missing"],
    [["--metrics=a", "--name="], "--name has no value. Is a shell variable not set?"],
    [["--min=a"], '--min must be a metric and a number, such as task_completion=0.8, not "a".'],
    [["--min=a=1.5"], '--min a must be a number from 0 to 1, not "1.5".'],
    [["--min=a=80%"], '--min a must be a number from 0 to 1, not "80%".'],
    [["--min=a=1", "--min=a=0"], "--min is given twice for a."],
    [["--min-rate=a=-1"], '--min-rate a must be a number from 0 to 1, not "-1".'],
    [["--metrics=a", "--max-failed=few"], '--max-failed must be a whole number, not "few".'],
    [["--metrics=a", "--judges=openai/a"], "--judges must be 2 to 9 models, separated by commas"],
    [["--metrics=a", "--judges=openai/a,,openai/b"], "--judges must be 2 to 9 models"],
    [["--metrics=a", "--judges=b/c,b/d", "--model=b/e"], "--judges replaces --model: name either one judge"],
    [["--metrics=a", "--aggregate=mean"], "--aggregate says how a jury decides: add --judges."],
    [
      ["--metrics=a", "--judges=b/c,b/d", "--aggregate=best"],
      '--aggregate must be mean, majority, unanimous, not "best".',
    ],
    [["--metrics=a", "--repeats=0"], '--repeats must be from 1 to 10, not "0".'],
    [["--metrics=a", "--repeats=often"], '--repeats must be a whole number, not "often".'],
    [["--metrics=a", "--threshold=b=1"], "--threshold b: add the metric to --metrics."],
    [
      ["--metrics=a", "--filter=relase=v1"],
      '"relase=v1" is not a filter for traces. Use one of: date_from, date_to, status, session_id, user_id, tags, name, environment, release. Did you mean release?',
    ],
    [["--metrics=a", "--filter=v1"], '"v1" is not a filter for traces.'],
    [
      ["--metrics=a", "--sessions", "--filter=status=ERROR"],
      "is not a filter for sessions. Use one of: date_from, date_to, user_id, has_error, tags, environment, release, trace_name, min_trace_count.",
    ],
    [["--metrics=a", "--filter=__proto__=1"], "is not a filter for traces"],
    [["--metrics=a", "--filter=release="], "--filter release has no value."],
    [["--metrics=a", "--filter=name=b", "--filter=name=c"], "--filter name is given twice."],
    [["--metrics=a", "--filter=date_from=yesterday"], "--filter date_from must be a date such as 2026-03-01"],
    [["--metrics=a", "--filter=status=BAD"], "--filter status must be one of PENDING, RUNNING,"],
    [["--metrics=a", "--filter=status=compleet"], "Did you mean COMPLETED?"],
    [["--metrics=a", "--sessions", "--filter=has_error=maybe"], "must be one of true, false"],
    [["--metrics=a", "--since=24"], "--since must be a duration above 0 with a unit, such as 90s, 30m"],
    [["--metrics=a", "--since=1h", "--filter=date_from=2026-01-01"], "--filter date_from is given twice."],
    [["--metrics=a", "--since=9999w"], "--since 9999w is too long ago."],
    [["--metrics=a", "--timeout=30d"], "--timeout must be at most 24d."],
    [["--metrics=a", "--sample=2"], '--sample must be a number from 0 to 1, not "2".'],
    [["--metrics=a", "--sample=0"], "--sample 0 evaluates nothing."],
    [["--metrics=a", "--trace=b"], "--trace must be the id of a trace, such as 019ce180-"],
    [
      ["--run=b"],
      '--run must be the id of an existing run, such as 019ce180-7185-70d1-a4cb-3656fed4e2a3, not "b".',
    ],
    [["--estimate", "--run=b"], "--run must be the id of an existing run: remove --estimate"],
    [
      ["--estimate", "--metrics=a", "--session=b"],
      "--estimate works only with filters: remove --trace, --session or --run.",
    ],
    [["--estimate", "--metrics=a", "--junit=b"], "so --junit has nothing to report"],
    [["--metrics=a", "--trace=b", "--session=c"], "--trace cannot be combined with --sessions or --session"],
    [["--metrics=a", "--trace=b", "--since=1h"], "--trace selects exact targets: remove --since."],
    [["--metrics=a", "--run=b"], "--run must be the id of an existing run: remove --metrics"],
    [["--metrics=a", "--json", "--junit=-"], "both write to standard output"],
    [["--metrics=a", "--junit=/"], "--junit / cannot be written"],
    [["--metrics=a", "--junit=/dev/null/report.xml"], "--junit /dev/null/report.xml cannot be written"],
    [["--metrics=a", "--endpoint=localhost"], "must be a URL such as"],
  ])("is given %j", async (args, message) => {
    const { code, stdout, stderr } = await runEval(nowhere, args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test.skipIf(!existsSync("/proc/self"))(
    "is given a report's path in a folder that cannot be created, which Node.js would try forever",
    async () => {
      const { code, stderr } = await runEval(nowhere, ["--metrics=a", "--junit=/proc/none/report.xml"]);
      expect(stderr).toContain("--junit /proc/none/report.xml cannot be written: ENOENT");
      expect(code).toBe(2);
    },
  );

  test("has no key or no project", async () => {
    const noKey = await runEval(nowhere, ["--metrics=a"], { PANDAPROBE_API_KEY: " " });
    expect(noKey).toMatchObject({ code: 2, stdout: "" });
    expect(noKey.stderr).toContain("No API key: set the environment variable PANDAPROBE_API_KEY");
    const noProject = await runEval(nowhere, ["--metrics=a"], { PANDAPROBE_PROJECT_NAME: "" });
    expect(noProject).toMatchObject({ code: 2, stdout: "" });
    expect(noProject.stderr).toContain("No project: use --project my-agent");
  });

  test("is refused by the server, which says why", async () => {
    const server = await useTestServer();
    await storeTraces(server.api, 1);
    const refusals: [string[], RegExp, Record<string, string>?][] = [
      [
        ["--min=completion=1"],
        /There is no trace metric "completion"\. The trace metrics are task_completion/,
      ],
      [["--metrics=coherence,task_complete"], /\nDid you mean task_completion\?\n/],
      [["--metrics=agent_reliability"], /\nAdd --sessions: it is a metric for sessions\.\n/],
      [["--metrics=coherence", "--sessions"], /\nRemove --sessions: it is a metric for traces\.\n/],
      [
        ["--metrics=coherence", "--filter=release=none", "--filter=tags=a", "--filter=tags=b"],
        /422.*\nThe project is "test" \(--project or \S+\); the filters: release=none, tags=a,b\.\n/,
      ],
      [["--metrics=coherence", "--project=tset"], /The project is "tset" \(.*\); the filters: none\.\n/],
      [["--metrics=coherence", "--trace=33333333-3333-3333-3333-333333333333"], /404/],
      [["--metrics=coherence", "--model=acme/x"], /acme/],
      [["--run=33333333-3333-3333-3333-333333333333"], /The project "test" has no run 33333333/],
      [
        ["--metrics=coherence"],
        /401.*\nCheck PANDAPROBE_API_KEY, and the server: http:/,
        { PANDAPROBE_API_KEY: `sk_pp_${"0".repeat(64)}` },
      ],
    ];
    for (const [args, message, environment] of refusals) {
      const { code, stdout, stderr } = await runEval(server, args, environment);
      expect(stderr).toMatch(message);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    }
  });
});

describe("pandaprobe eval exits with 3 if", () => {
  test("the server cannot be reached", async () => {
    const { code, stdout, stderr } = await runEval(nowhere, ["--metrics=coherence"]);
    expect(stderr).toContain("127.0.0.1:9");
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });

  test("the run does not end in time: the message says how to continue, and that works", async () => {
    const server = await useJudgedServer([0.5], { latencyMs: 4_000 });
    await storeTraces(server.api, 1);
    const { code, stdout, stderr } = await runEval(server, [
      "--metrics=confidence",
      "--timeout=1s",
      "--quiet",
    ]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    const id = /^pandaprobe: Run (\S+) did not end within --timeout: 0 of 1 evaluated\./.exec(stderr)?.[1];
    expect(stderr).toContain(`--run ${id}`);
    expect(await getRun(server.api, id ?? "")).toMatchObject({ status: "RUNNING" });
    const later = await runEval(server, [`--run=${id}`, "--min=confidence=0.5"]);
    expect(later.code).toBe(0);
  });

  test("there is no result, which the JUnit report says: each threshold is skipped", async () => {
    const server = await useJudgedServer([0.5, 0.5], { latencyMs: 4_000 });
    await storeTraces(server.api, 2);
    const bars = ["--min=confidence=0.5", "--min-rate=confidence=1"];
    const file = join(await temporaryFolder(), "report.xml");
    const late = await runEval(server, [...bars, "--timeout=1s", `--junit=${file}`]);
    expect({ code: late.code, stdout: late.stdout }).toEqual({ code: 3, stdout: "" });
    const report = parseXml(await readFile(file, "utf8"));
    expect(report.attributes).toMatchObject({ tests: "4", failures: "0", errors: "1", skipped: "3" });
    const [suite] = report.children;
    const { id } = await anyRun(server.api);
    expect(suite?.children[0]?.children[0]?.attributes).toEqual({ name: "run", value: id });
    const [run, ...others] = suite?.children.filter(({ name }) => name === "testcase") ?? [];
    const [error] = run?.children ?? [];
    expect(error).toMatchObject({ name: "error", attributes: { type: "RunWaitTimeoutError" } });
    const message = `Run ${id} did not end within --timeout: 0 of 2 evaluated. It may still be in progress. To wait for it and report it, run pandaprobe eval --run ${id} with the same thresholds.`;
    expect(error).toMatchObject({ attributes: { message }, text: message });
    expect(late.stderr).toContain(`pandaprobe: ${message}\n`);
    // The same tests as in a report with a result, for CI to show their history.
    const names = ({ children: cases }: Element) =>
      cases.filter(({ name }) => name === "testcase").map(({ attributes }) => attributes["name"]);
    expect(others.map(({ children }) => children[0]?.name)).toEqual(["skipped", "skipped", "skipped"]);
    const ended = await runEval(server, [`--run=${id}`, ...bars, "--junit=-"]);
    expect(names(suite as Element)).toEqual(names(parseXml(ended.stdout).children[0] as Element));

    const unreached = await runEval(nowhere, [...bars, "--junit=-"]);
    expect(unreached.code).toBe(3);
    expect(parseXml(unreached.stdout).attributes).toMatchObject({ tests: "4", errors: "1", skipped: "3" });
    expect(unreached.stdout).toContain('<error type="ConnectionError"');
  });

  test("the run fails: the scores so far are reported", async () => {
    const server = await useJudgedServer([0.5, 0.5], { latencyMs: 300 });
    await storeTraces(server.api, 2);
    const ended = runEval(server, ["--metrics=confidence", "--json"]);
    const run = await anyRun(server.api);
    await server.api.post(`/evaluations/trace-runs/${run.id}/cancel`);
    const { code, stdout } = await ended;
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ passed: false, run: { error_message: "Cancelled" } });
    const again = await runEval(server, [`--run=${run.id}`]);
    expect(again.code).toBe(3);
    expect(again.stdout).toContain("Not passed: the run ended FAILED (Cancelled).");
    const junit = await runEval(server, [`--run=${run.id}`, "--junit=-"]);
    expect(junit.stdout).toContain('errors="1"');
    expect(junit.stdout).toContain('<error type="FAILED" message="Cancelled">Cancelled</error>');
  });

  test("the run is deleted while it is waited for", async () => {
    const server = await useJudgedServer([0.5], { latencyMs: 3_000 });
    await storeTraces(server.api, 1);
    const ended = runEval(server, ["--metrics=confidence"]);
    const { id } = await anyRun(server.api);
    await server.api.delete(`/evaluations/trace-runs/${id}`);
    const { code, stdout, stderr } = await ended;
    expect(stderr).toContain(`The run is ${id}. It seems to have been deleted.\n`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  });
});

describe("a signal", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("cancels the run on the server: %s", async (signal, exitCode) => {
    const server = await useJudgedServer(Array(50).fill(0.5), { latencyMs: 500 });
    await storeTraces(server.api, 50);
    const file = join(await temporaryFolder(), "report.xml");
    const command = startCommand(
      ["eval", "--metrics=confidence", `--junit=${file}`],
      credentialsEnvironment(server),
    );
    const ended = endedCommand(command);
    const { id } = await anyRun(server.api);
    command.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: "" });
    expect(stderr).toContain("Interrupted: cancelling the run. Interrupt again to exit at once.\n");
    expect(stderr).toMatch(new RegExp(`Run ${id} is cancelled, with \\d+ of 50 evaluated\\.\n$`));
    expect(await getRun(server.api, id)).toMatchObject({ status: "FAILED", error_message: "Cancelled" });
    expect(await readFile(file, "utf8")).toContain(
      `<error type="Interrupted" message="Interrupted by ${signal}.">`,
    );
  });

  test("lets a run continue that the command did not create", async () => {
    const server = await useJudgedServer(Array(20).fill(0.5), { latencyMs: 1_000 });
    await storeTraces(server.api, 20);
    const { body: run } = await server.api.post<EvalRunResponse>("/evaluations/trace-runs", {
      metrics: ["confidence"],
    });
    const command = startCommand(["eval", `--run=${run.id}`], credentialsEnvironment(server));
    const ended = endedCommand(command);
    await new Promise((resolve) => command.stderr.once("data", resolve));
    command.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain("Interrupted: the run continues.");
    expect(await getRun(server.api, run.id)).toMatchObject({ error_message: null });
  });

  test("that comes a second time ends the command at once; one that is sent twice over does not", async () => {
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      asked.push(request.url ?? "");
      await text(request);
      // The run is created; later requests get no answer.
      if (request.url === "/evaluations/trace-runs") {
        response.writeHead(202, { "content-type": "application/json" });
        response.end(
          JSON.stringify({ id: "33333333-3333-3333-3333-333333333333", status: "RUNNING", ...counts }),
        );
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const command = startCommand(["eval", "--metrics=a"], credentialsEnvironment({ ...nowhere, url }));
    const ended = endedCommand(command);
    await waitUntil(async () => asked.length === 2);
    // As with npx: one signal from the terminal, and one that npx forwards.
    command.kill("SIGINT");
    command.kill("SIGINT");
    await waitUntil(async () => asked.length === 3);
    expect(asked.at(-1)).toMatch(/\/cancel$/);
    // A second Ctrl-C counts only after a while. It is repeated until it takes effect.
    const impatience = setInterval(() => command.kill("SIGINT"), 100);
    onTestFinished(() => clearInterval(impatience));
    expect(await ended).toMatchObject({ code: 130, stdout: "" });
    expect(asked).toHaveLength(3);
  });
});

const counts = {
  total_traces: 1,
  total_targets: 1,
  evaluated_count: 0,
  failed_count: 0,
  target_type: "TRACE",
};

/** The first run, once it exists. */
function anyRun(api: { get<Body>(path: string): Promise<{ body: Body }> }): Promise<EvalRunResponse> {
  return waitUntil(async () => {
    const { body } = await api.get<{ items: EvalRunResponse[] }>("/evaluations/trace-runs");
    return body.items[0];
  });
}
