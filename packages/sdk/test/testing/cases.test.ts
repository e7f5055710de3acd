import { PandaProbe } from "@pandaprobe/sdk";
import { evaluateCases } from "@pandaprobe/sdk/testing/cases";
import { mockPandaProbe } from "@pandaprobe/sdk/testing/msw";
import "@pandaprobe/sdk/testing/vitest";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { apiKey } from "../support/test-client.ts";

const pandaProbe = mockPandaProbe();
const server = setupServer(...pandaProbe.handlers);
beforeAll(() => server.listen());
afterEach(() => pandaProbe.reset());
afterAll(() => server.close());

const client = new PandaProbe({ apiKey, projectName: "shop", retries: 0 });
const metrics = ["task_completion"];
const cases = ["easy", "hard", "broken"].map((id) => ({ id, input: `Is it ${id}?`, expected: id }));
const options = { client, metrics };

/** `hard` passes in every other run. */
function scoreCases(): void {
  let hard = 0;
  pandaProbe.scores.set("task_completion", ({ trace }) => {
    if (trace?.metadata["case_id"] !== "hard") return 0.9;
    hard += 1;
    return hard % 2;
  });
}

function agent(input: string): string {
  if (input.includes("broken")) throw new TypeError("No tool.");
  return "yes";
}

describe("evaluateCases", () => {
  it("stores a trace of each run, with its case, and evaluates them", async () => {
    scoreCases();
    const seen: number[] = [];
    const {
      run,
      scores,
      cases: results,
    } = await evaluateCases(
      cases,
      (input, { repeat, spans }) => {
        seen.push(repeat);
        spans.push({ name: "look it up", kind: "TOOL", started_at: new Date().toISOString() });
        return agent(input);
      },
      {
        ...options,
        repeats: 2,
        release: "v42",
        tags: ["ci"],
        name: "nightly",
        judging: { model: "openai/judge" },
      },
    );
    expect(seen.sort()).toEqual([1, 1, 1, 2, 2, 2]);
    expect(run).toMatchObject({ name: "nightly", total_traces: 6, model: "openai/judge" });
    expect(scores).toHaveLength(6);
    expect(results.map(({ id }) => id)).toEqual(["easy", "hard", "broken"]);
    const trace = await client.getTrace(results[0]?.runs[1]?.traceId ?? "");
    expect(trace).toMatchObject({
      name: "nightly",
      input: "Is it easy?",
      output: "yes",
      status: "COMPLETED",
      release: "v42",
      tags: ["ci"],
      metadata: { case_id: "easy", expected: "easy", repeat: 2 },
      spans: [{ name: "look it up" }],
    });
  });

  it("marks flaky cases, and reports pass^k", async () => {
    scoreCases();
    const result = await evaluateCases(cases, agent, { ...options, repeats: 4 });
    expect(result.cases).toMatchObject([
      { id: "easy", passed: 4, isFlaky: false, reason: null },
      {
        id: "hard",
        passed: 2,
        repeats: 4,
        isFlaky: true,
        reason: "task_completion 0: Scripted by the test.",
      },
      { id: "broken", passed: 0, isFlaky: false, reason: "TypeError: No tool." },
    ]);
    // Of `hard`: 2 of 4 runs, 1 of 6 pairs, no three.
    const expected = [1.5, 1 + 1 / 6, 1, 1].map((sum) => sum / 3);
    for (const [i, power] of result.passPowers.entries()) expect(power).toBeCloseTo(expected[i] ?? 9, 12);
    expect(result).toPassCases({ rate: 1 / 3 });
    expect(result).not.toPassCases({ rate: 0.34 });
    expect(result).toHaveNoFailedScores();
    expect(() => expect(result).toPassCases()).toThrow(
      [
        "1 of 3 cases pass; at least 3 should. 1 of the others are flaky.",
        "",
        "  case    passed  reason",
        "  broken  0 of 4  TypeError: No tool.",
        "  hard    2 of 4  task_completion 0: Scripted by the test.",
      ].join("\n"),
    );
  });

  it("turns whatever an agent does wrong into a failed case with an evaluated trace", async () => {
    const circular: unknown[] = [];
    circular.push(circular);
    const answers: Record<string, () => unknown> = {
      nothing: () => undefined,
      rejects: () => Promise.reject(new Error("Later.")),
      text: () => {
        throw "just text";
      },
      circular: () => circular,
      hostile: () => {
        throw { toString: null };
      },
    };
    const named = Object.keys(answers).map((id) => ({ id, input: id }));
    const { cases: results } = await evaluateCases(named, (input) => answers[input]?.(), options);
    expect(results.map(({ passed }) => passed)).toEqual([1, 0, 0, 0, 0]);
    expect(results.map(({ reason }) => reason)).toEqual([
      null,
      "Error: Later.",
      "just text",
      expect.stringMatching(/^TypeError: .*circular/s),
      "The agent threw a value that has no text.",
    ]);
    const { status, spans, output } = await client.getTrace(results[1]?.runs[0]?.traceId ?? "");
    expect({ status, output }).toEqual({ status: "ERROR", output: null });
    expect(spans).toMatchObject([{ kind: "AGENT", status: "ERROR", error: "Error: Later." }]);
  });

  it("runs at most the given number of agents at once", async () => {
    let [running, most] = [0, 0];
    const many = Array.from({ length: 9 }, (_, i) => ({ id: `${i}`, input: i }));
    const counted = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
    };
    await evaluateCases(many, counted, { ...options, concurrency: 3 });
    expect(most).toBe(3);
  });

  it("stores the traces so far if it is aborted, and evaluates nothing", async () => {
    const controller = new AbortController();
    const started: string[] = [];
    const slow = (input: string) => {
      started.push(input);
      if (started.length < 2) return "done";
      controller.abort(new Error("Enough."));
      // An agent that ignores its signal is left behind.
      return new Promise(() => {});
    };
    const evaluation = evaluateCases(cases, slow, { ...options, concurrency: 1, signal: controller.signal });
    await expect(evaluation).rejects.toThrow("Enough.");
    expect(started).toHaveLength(2);
    const { items } = await client.listTraces();
    expect(items.map(({ status }) => status).sort()).toEqual(["COMPLETED", "ERROR"]);
    expect(pandaProbe.calls("createTraceRunBatch")).toEqual([]);
  });

  it("rejects if a trace cannot be stored, and starts no more agents", async () => {
    pandaProbe.faults.next("createTrace", { status: 422 });
    const started: string[] = [];
    const evaluation = evaluateCases(cases, (input) => started.push(input), { ...options, concurrency: 1 });
    await expect(evaluation).rejects.toMatchObject({ status: 422 });
    expect(started).toHaveLength(1);
  });

  it("refuses cases and numbers that make no sense", async () => {
    await expect(evaluateCases([], agent, options)).rejects.toThrow("There are no cases");
    const twice = [cases[0], cases[0]].filter((one) => one !== undefined);
    await expect(evaluateCases(twice, agent, options)).rejects.toThrow('Two cases have the id "easy".');
    await expect(evaluateCases(cases, agent, { ...options, repeats: 0 })).rejects.toThrow(RangeError);
    await expect(evaluateCases(cases, agent, { ...options, concurrency: 0.5 })).rejects.toThrow(RangeError);
  });

  it("a case in which nothing was judged has not passed", async () => {
    pandaProbe.scores.set("task_completion", { notApplicable: "no_task" });
    const { cases: results } = await evaluateCases(cases.slice(0, 1), agent, options);
    expect(results).toMatchObject([{ passed: 0, reason: "Nothing was judged." }]);
  });
});
