import fc from "fast-check";
import { expect } from "vitest";
import type { Database } from "../../../src/db/database.ts";
import { scoreDistribution } from "../../../src/features/analytics/score-distribution.ts";
import type { ScoreSource } from "../../../src/features/analytics/score-source.ts";
import { scoreSummary } from "../../../src/features/analytics/score-summary.ts";
import { scoreTrend } from "../../../src/features/analytics/score-trend.ts";
import { metricName, moment, type Scene } from "./changes.ts";
import { plainDistribution, plainSummary, plainTrend } from "./plain-analytics.ts";

/** All parameters of summary, trend and distribution. */
export const question = fc.record({
  ends: fc.tuple(fc.option(moment, { nil: undefined }), fc.option(moment, { nil: undefined })),
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
      for (const { ends, ...query } of questions) {
        const [from, to] =
          ends[0] !== undefined && ends[1] !== undefined && ends[0] > ends[1] ? ends.toReversed() : ends;
        const source: ScoreSource = { ...scene, range: { from, to } };
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
