/** @module-tag slow */
import { expect, test } from "vitest";
import { judgeAtZoo, judgeOneTrace } from "../../support/gateway-zoo/judge-at-zoo.ts";
import { askTask } from "../support.ts";

test.each(["openai/usual", "anthropic/usual"])(
  "a model of the zoo answers a judge in one call: %s",
  async (model) => {
    const { zoo, judge } = await judgeAtZoo(model);
    expect(await askTask(judge)).toEqual({ task: expect.any(String) });
    expect(zoo.callsOf("usual")).toHaveLength(1);
  },
);

test.each(["openai/usual", "anthropic/usual"])("a model of the zoo judges a run: %s", async (model) => {
  const { run, scores, calls } = await judgeOneTrace(model);
  expect(run).toMatchObject({ status: "COMPLETED", evaluated_count: 1 });
  expect(scores).toMatchObject([{ name: "confidence", status: "SUCCESS" }]);
  expect(calls).toBeGreaterThan(0);
});
