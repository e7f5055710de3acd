import type { EvalRunResponse } from "@pandaprobe/contract";
import { expect, test } from "vitest";
import { storeSession } from "../support/session-helpers.ts";
import { useTestServer } from "../support/test-server.ts";
import { storeTraces } from "../support/traces.ts";
import { runEval } from "./support/run-command.ts";

/** A server with a judge that must not be called: nothing listens at its address. */
const usePricedServer = () =>
  useTestServer({
    environment: {
      OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
      EVAL_LLM_MODEL: "openai/priced",
      JUDGE_PRICES: '{"openai/priced":{"input_usd_per_mtok":1000,"output_usd_per_mtok":1000}}',
    },
  });

test("--estimate prints the calls and the cost of a run without creating one", async () => {
  const server = await usePricedServer();
  await storeTraces(server.api, 3);
  const { code, stdout, stderr } = await runEval(server, ["--estimate", "--min=confidence=0.8"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(
    new RegExp(
      [
        "^An estimate; no run was created\\.",
        "",
        "  targets        3",
        "  calls          3",
        "  input tokens   [\\d,]+ to [\\d,]+",
        "  output tokens  [\\d,]+ to [\\d,]+",
        "  cost           \\$\\d+\\.\\d\\d to \\$\\d+\\.\\d\\d",
        "$",
      ].join("\n"),
    ),
  );
  const { body } = await server.api.get<{ items: EvalRunResponse[] }>("/evaluations/trace-runs");
  expect(body.items).toEqual([]);
});

test("--estimate says whether the highest cost is within --max-cost-usd, and exits with 0", async () => {
  const server = await usePricedServer();
  await storeTraces(server.api, 2);
  const estimate = ["--estimate", "--metrics=confidence"];
  const { stdout } = await runEval(server, [...estimate, "--json"]);
  const { cost_usd, ...others } = JSON.parse(stdout);
  expect(others).toMatchObject({ targets: 2, calls: 2, cached_calls: 0, max_cost_usd: null, fits: null });
  const limits: [usd: number, fits: boolean, text: RegExp][] = [
    [cost_usd.high, true, /\nThe highest cost is within --max-cost-usd [\d.]+\.\n$/],
    [cost_usd.low, false, /\nThe cost may exceed --max-cost-usd [\d.]+: the remaining scores/],
    [0, false, /\nThe cost exceeds --max-cost-usd 0: the remaining scores would fail\.\n$/],
  ];
  for (const [usd, fits, text] of limits) {
    const limited = [...estimate, `--max-cost-usd=${usd}`];
    const table = await runEval(server, limited);
    expect(table.stdout).toMatch(text);
    const json = await runEval(server, [...limited, "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ max_cost_usd: usd, fits, cost_usd });
    expect([table.code, json.code]).toEqual([0, 0]);
  }
});

test("--estimate says which price is unknown, and works for sessions", async () => {
  const server = await usePricedServer();
  await storeSession(server.api, "support/1", [{}, {}]);
  const args = ["--estimate", "--sessions", "--metrics=agent_reliability", "--model=openai/other"];
  const { code, stdout } = await runEval(server, args);
  expect(code).toBe(0);
  expect(stdout).toContain("  targets        1\n");
  expect(stdout).toContain(
    "  cost           unknown: the server's JUDGE_PRICES lacks the price of a model\n",
  );
  const limited = await runEval(server, [...args, "--max-cost-usd=1"]);
  expect(limited).toMatchObject({ code: 2, stdout: "" });
  expect(limited.stderr).toContain("needs the price of openai/other, which is unknown");
});

test("--estimate is refused for the same reasons as the run, with the same hints", async () => {
  const server = await usePricedServer();
  await storeTraces(server.api, 1);
  const { code, stdout, stderr } = await runEval(server, ["--estimate", "--metrics=confidense"]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/\nDid you mean confidence\?\n$/);
});
