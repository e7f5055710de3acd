import { readFile } from "node:fs/promises";
import { PandaProbe } from "@pandaprobe/sdk";
import { PandaProbeMetrics } from "@pandaprobe/sdk/metrics";
import { PandaProbeReview } from "@pandaprobe/sdk/review";
import { evaluateCases, type TestCase } from "@pandaprobe/sdk/testing/cases";

/*
 * Compares two versions of an agent that promises delivery dates, on the same 30 cases. A metric of the project's own
 * judges them, so no model is asked. The new version knows public holidays, but treats Saturdays as working days.
 */

interface Order {
  readonly ordered: string;
  readonly working_days: number;
}

const options = { projectName: "did-it-get-worse" };
const client = new PandaProbe(options);
const metric = "right_date";
await new PandaProbeMetrics(options).putMetric(metric, { kind: "exact_match", reference: "expected" });

const file = await readFile(new URL("cases/delivery-dates.json", import.meta.url), "utf8");
const cases: readonly TestCase<Order>[] = JSON.parse(file);
const holidays = ["2026-05-14", "2026-06-04"];

function deliveryDate({ ordered, working_days }: Order, isFree: (day: Date) => boolean): string {
  const day = new Date(ordered);
  for (let left = working_days; left > 0; ) {
    day.setUTCDate(day.getUTCDate() + 1);
    if (!isFree(day)) left -= 1;
  }
  return day.toISOString().slice(0, 10);
}

const versions: Readonly<Record<string, (day: Date) => boolean>> = {
  v1: (day) => day.getUTCDay() === 0 || day.getUTCDay() === 6,
  v2: (day) => day.getUTCDay() === 0 || holidays.includes(day.toISOString().slice(0, 10)),
};
for (const [release, isFree] of Object.entries(versions)) {
  const agent = (order: Order) => deliveryDate(order, isFree);
  const { cases: results } = await evaluateCases(cases, agent, { client, metrics: [metric], release });
  const passed = results.filter((result) => result.passed === result.repeats).length;
  console.log(`${release}: ${passed} of ${results.length} cases pass`);
}

const { metrics } = await new PandaProbeReview(options).compareScores({
  a: { filters: { release: "v1" } },
  b: { filters: { release: "v2" } },
  metrics: [metric],
  pair_by: "metadata.case_id",
});
for (const { summary, mcnemar_p, regressions } of metrics) {
  console.log(summary);
  console.log(`Passed against failed, McNemar: p = ${mcnemar_p?.toFixed(3)}`);
  const worst = regressions.map(({ case: name }) => name ?? "").sort();
  console.log(`Got worse: ${worst.slice(0, 3).join(", ")} and ${worst.length - 3} more`);
}
