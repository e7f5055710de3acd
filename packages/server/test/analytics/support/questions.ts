import { ScoreGroupBy } from "@pandaprobe/contract";
import fc from "fast-check";
import { expect } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { scoreDistribution } from "../../../src/features/analytics/score-distribution.ts";
import type { ScoreSource } from "../../../src/features/analytics/score-source.ts";
import { scoreSummary } from "../../../src/features/analytics/score-summary.ts";
import { scoreTrend } from "../../../src/features/analytics/score-trend.ts";
import type { ScoreFilters } from "../../../src/features/scores/score-filters.ts";
import { metricName, moment, type Scene, traceFields } from "./changes.ts";
import { plainDistribution, plainSummary, plainTrend } from "./plain-analytics.ts";

/** Left out three times of four, so that filters given together often match something. */
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const filters: fc.Arbitrary<ScoreFilters & { readonly run: number | undefined }> = fc.record({
  release: maybe(traceFields.release),
  environment: maybe(traceFields.environment),
  tags: maybe(fc.array(traceFields.tag, { minLength: 1, maxLength: 12 })),
  user_id: maybe(traceFields.user_id),
  trace_name: maybe(fc.constantFrom("ANSWER", "%", "n_b", "plan")),
  model: maybe(fc.constantFrom("openai/judge-0", "openai/judge-1")),
  source: maybe(fc.constantFrom("AUTOMATED" as const, "ANNOTATION" as const, "PROGRAMMATIC" as const)),
  prefer: maybe(fc.constantFrom("person" as const, "annotation" as const)),
  run: maybe(fc.nat({ max: 2 })),
});

/** All parameters of summary, trend and distribution. */
export const question = fc.record({
  ends: fc.tuple(fc.option(moment, { nil: undefined }), fc.option(moment, { nil: undefined })),
  // Half of the questions are about all scores, which the rollups answer.
  filters: fc.oneof(fc.constant({ run: undefined }), filters),
  groupBy: fc.option(fc.constantFrom(...ScoreGroupBy.options), { nil: undefined, freq: 2 }),
  metric_name: metricName,
  granularity: fc.constantFrom("hour" as const, "day" as const, "week" as const),
  buckets: fc.oneof(fc.constantFrom(1, 3, 10, 100), fc.integer({ min: 1, max: 100 })),
});
export type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

/** Reads all of them in one snapshot, and expects the results of plain aggregates in the same snapshot. */
export async function expectExact(db: Database, scene: Scene, questions: readonly Question[]): Promise<void> {
  await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (snapshot) => {
      for (const {
        ends,
        filters: { run, ...its },
        groupBy,
        ...query
      } of questions) {
        const [from, to] =
          ends[0] !== undefined && ends[1] !== undefined && ends[0] > ends[1] ? ends.toReversed() : ends;
        const source: ScoreSource = {
          ...scene,
          range: { from, to },
          filters: { ...its, eval_run_id: run === undefined ? undefined : scene.runIds[run] },
          groupBy,
        };
        expect({
          summary: await scoreSummary(snapshot, source),
          trend: await scoreTrend(snapshot, source, query),
          distribution: await scoreDistribution(snapshot, source, query),
        }).toEqual({
          summary: await plainSummary(snapshot, source),
          trend: await plainTrend(snapshot, source, query),
          distribution: await plainDistribution(snapshot, source, query),
        });
      }
    });
}
