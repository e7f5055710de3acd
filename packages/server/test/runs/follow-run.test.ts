import { text } from "node:stream/consumers";
import type { EvalRunResponse } from "@pandaprobe/contract";
import { ProblemError } from "@pandaprobe/contract/rules";
import { expect, test } from "vitest";
import { waitForRunChange } from "../../src/features/runs/read/follow-run.ts";
import { RunListener } from "../../src/features/runs/read/run-listener.ts";
import type { RunChange } from "../../src/features/runs/run-notifications.ts";
import { runEvents } from "../../src/http/run-events.ts";
import { waitUntil } from "../support/wait-until.ts";

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/** Counts its subscribers. It never connects. */
class CountingListener extends RunListener {
  listening = 0;
  tell: ((change?: RunChange) => void) | undefined;

  override subscribe(runId: string, listener: Parameters<RunListener["subscribe"]>[1]): () => void {
    this.listening += 1;
    this.tell = (change) => listener(change ?? "unknown");
    const unsubscribe = super.subscribe(runId, listener);
    return () => {
      this.listening -= 1;
      unsubscribe();
    };
  }
}

function followed(changes: Partial<EvalRunResponse> = {}) {
  const runs = new CountingListener("postgres://nowhere", silentLog);
  const stop = new AbortController();
  const run = {
    id: "a run",
    status: "RUNNING",
    evaluated_count: 1,
    failed_count: 0,
    waiting_for: null,
    ...changes,
  };
  const state = { run: run as EvalRunResponse, polls: 0 };
  const options = {
    runs,
    runId: "a run",
    stop: stop.signal,
    lastEventId: undefined,
    log: silentLog,
    longestPauseMs: 20,
    read: async () => {
      state.polls += 1;
      return state.run;
    },
  };
  return { runs, stop, state, options };
}

test("a quiet stream sends comments, so that proxies do not close it", async () => {
  const { runs, stop, options, state } = followed();
  const whole = text(await runEvents(options));
  await waitUntil(async () => state.polls >= 4);
  stop.abort();
  expect((await whole).split("\n\n").filter((block) => block === ":").length).toBeGreaterThanOrEqual(2);
  expect(runs.listening).toBe(0);
});

test.each([true, false])(
  "a client that leaves leaves no listener behind (having read: %s)",
  async (reads) => {
    const { runs, stop, options } = followed();
    const stream = await runEvents({ ...options, longestPauseMs: 60_000 });
    if (reads) stream.once("data", () => undefined);
    expect(runs.listening).toBe(1);
    stop.abort();
    stream.destroy();
    await waitUntil(async () => runs.listening === 0);
  },
);

test("the end of a run that changes all the time is reported at once", async () => {
  const { runs, options, state } = followed();
  const waited = waitForRunChange({ ...options, shortestPauseMs: 600_000, longestPauseMs: 600_000 });
  await waitUntil(async () => state.polls === 1);
  // It changes, and is not read again for this long; then it ends.
  runs.tell?.("progress");
  state.run = { ...state.run, status: "COMPLETED" };
  runs.tell?.("ended");
  expect(await waited).toMatchObject({ status: "COMPLETED" });
});

test("a run that does not exist leaves no listener behind", async () => {
  const { runs, options } = followed();
  const read = async () => {
    throw new ProblemError("not_found", "There is none.");
  };
  await expect(runEvents({ ...options, read })).rejects.toThrow("There is none.");
  expect(runs.listening).toBe(0);
});

test("a database that does not answer ends the stream, so that clients reconnect", async () => {
  const { runs, options } = followed();
  let polls = 0;
  const read = async () => {
    polls += 1;
    if (polls > 1) throw new Error("No connection.");
    return options.read();
  };
  expect(await text(await runEvents({ ...options, read }))).toMatch(
    /^retry: 1000\nid: RUNNING-1-0\nevent: progress\ndata: .*\n\n$/,
  );
  expect(runs.listening).toBe(0);
});

test("a change is found even if its notification was missed", async () => {
  const { options, state, runs } = followed();
  const waiting = waitForRunChange(options);
  await waitUntil(async () => state.polls > 0);
  state.run = { ...state.run, evaluated_count: 2 };
  expect(await waiting).toMatchObject({ evaluated_count: 2 });
  expect(runs.listening).toBe(0);
});

test("streams and long polls report when a run waits for a provider, and when it no longer does", async () => {
  const { options, state, stop } = followed();
  const whole = text(await runEvents(options));
  const polled = waitForRunChange(options);
  const idle = state.run;
  const waiting_for = { model: "openai/down", reason: "The model answered 503.", until: null };
  await waitUntil(async () => state.polls > 2);
  state.run = { ...idle, waiting_for };
  expect(await polled).toMatchObject({ waiting_for });
  const answered = waitForRunChange(options);
  await waitUntil(async () => state.polls > 6);
  state.run = idle;
  expect(await answered).toEqual(idle);
  stop.abort();
  const ids = [...(await whole).matchAll(/^id: (.*)$/gm)].map(([, id]) => id);
  expect(ids).toEqual(["RUNNING-1-0", "RUNNING-1-0-waiting", "RUNNING-1-0"]);
});
