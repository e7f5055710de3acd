/**
 * How much faster the analytics of trace scores is than plain aggregates over a covering index, for scores as judges give them
 * and for a metric whose values are all distinct. Also measures what analytics costs each write.
 *
 *     npm run bench -- score-analytics [--scores 1000000] [--rounds 9] [--plans]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { pino } from "pino";
import { createDatabase, createPool, type Database } from "../packages/server/src/db/database.ts";
import { startEmbeddedPostgres } from "../packages/server/src/db/embedded/index.ts";
import { migrate } from "../packages/server/src/db/migrate.ts";
import { scoreDistribution } from "../packages/server/src/features/analytics/score-distribution.ts";
import { type ScoreSource, traceTarget } from "../packages/server/src/features/analytics/score-source.ts";
import { scoreSummary } from "../packages/server/src/features/analytics/score-summary.ts";
import { scoreTrend } from "../packages/server/src/features/analytics/score-trend.ts";
import { explain } from "../packages/server/test/analytics/support/explain.ts";
import { fillProject, settle } from "../packages/server/test/analytics/support/fill-project.ts";
import {
  plainDistribution,
  plainSummary,
  plainTrend,
} from "../packages/server/test/analytics/support/plain-analytics.ts";
import { compareWrites } from "./score-writes.ts";
import { median, timesMs } from "./times.ts";

const { values: options } = parseArgs({
  args: process.argv.slice(3),
  options: {
    scores: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "9" },
    plans: { type: "boolean", default: false },
  },
});
const scores = Number(options.scores);
const rounds = Number(options.rounds);

/** Filters that keep 2 %, 5 %, 10 % and 90 % of the scores, and groups of all of them. */
const selections = {
  "release=…": { filters: { release: "v7" } },
  "user_id=…": { filters: { user_id: "user 7" } },
  "tags=…": { filters: { tags: ["tag 7"] } },
  "environment=staging": { filters: { environment: "staging" } },
  "environment=production": { filters: { environment: "production" } },
  "source=AUTOMATED": { filters: { source: "AUTOMATED" } },
  "group_by=release": { groupBy: "release" },
  "group_by=tags": { groupBy: "tags" },
} as const satisfies Record<string, Pick<ScoreSource, "filters" | "groupBy">>;

const dataDir = await mkdtemp(path.join(tmpdir(), "pandaprobe-bench-"));
const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined });
const pool = createPool({
  connectionString: postgres.connectionString,
  maxConnections: 4,
  applicationName: "score-analytics",
  onConnectionError: () => undefined,
});
const db = createDatabase(pool);
try {
  await migrate(db, pool, pino({ level: "warn" }));
  const days = 90;
  const judged = await fillProject(db, { traces: scores / 10, metrics: 10, days, values: "few" });
  const distinct = await fillProject(db, { traces: scores / 10, metrics: 1, days, values: "distinct" });
  await settle(db);
  const source = (projectId: string, range = {}): ScoreSource => ({ target: traceTarget, projectId, range });
  const uneven = { from: "2026-01-15T10:20:30.400Z", to: "2026-03-20T18:19:20.210Z" };
  console.log(`${scores} scores of 10 metrics over ${days} days: plain aggregate ÷ ours`);
  await compareReads(db, source(judged));
  console.log(`the same, from ${uneven.from} to ${uneven.to}`);
  await compareReads(db, source(judged, uneven));
  console.log(`${scores / 10} scores of one metric, all distinct: ours ÷ plain aggregate`);
  await compareReads(db, source(distinct), "inverse");
  console.log("filtered and grouped: ours ÷ plain aggregate of all scores");
  await compareSelections(db, source(judged));
  if (options.plans) await printPlans(source(judged), source(distinct));
  await compareWrites(pool, db, rounds);
} finally {
  await db.destroy();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}

/** The endpoints: by the feature, and by plain aggregates. */
function endpoints(source: ScoreSource) {
  const trend = { metric_name: "metric_0", granularity: "day" } as const;
  const distribution = { metric_name: "metric_0", buckets: 10 };
  return {
    summary: {
      ours: (of: Database) => scoreSummary(of, source),
      plain: (of: Database) => plainSummary(of, source),
    },
    trend: {
      ours: (of: Database) => scoreTrend(of, source, trend),
      plain: (of: Database) => plainTrend(of, source, trend),
    },
    distribution: {
      ours: (of: Database) => scoreDistribution(of, source, distribution),
      plain: (of: Database) => plainDistribution(of, source, distribution),
    },
  };
}

async function compareReads(db: Database, source: ScoreSource, show?: "inverse"): Promise<void> {
  for (const [name, { ours, plain }] of Object.entries(endpoints(source))) {
    if (!isDeepStrictEqual(await ours(db), await plain(db))) throw new Error(`The ${name} is not exact.`);
    const times = { ours: [] as number[], plain: [] as number[] };
    // Alternately, so that other load on the machine affects both.
    for (let round = 0; round < rounds; round += 1) {
      times.plain.push(...(await timesMs(1, () => plain(db))));
      times.ours.push(...(await timesMs(1, () => ours(db))));
    }
    const [slow, fast] = [median(times.plain), median(times.ours)];
    console.log(`  ${name.padEnd(14)} ${(show === "inverse" ? fast / slow : slow / fast).toFixed(2)}`);
  }
}

async function compareSelections(db: Database, source: ScoreSource): Promise<void> {
  for (const [label, selection] of Object.entries(selections)) {
    const ratios: string[] = [];
    for (const [name, { ours }] of Object.entries(endpoints({ ...source, ...selection }))) {
      const { plain } = endpoints(source)[name as keyof ReturnType<typeof endpoints>];
      const times = { ours: [] as number[], plain: [] as number[] };
      for (let round = 0; round < Math.ceil(rounds / 3); round += 1) {
        times.plain.push(...(await timesMs(1, () => plain(db))));
        times.ours.push(...(await timesMs(1, () => ours(db))));
      }
      ratios.push(`${name} ${(median(times.ours) / median(times.plain)).toFixed(2)}`);
    }
    console.log(`  ${label.padEnd(24)} ${ratios.join("  ")}`);
  }
}

async function printPlans(judged: ScoreSource, distinct: ScoreSource): Promise<void> {
  for (const [kind, source] of [
    ["as judges score", judged],
    ["all distinct", distinct],
  ] as const) {
    for (const [name, { ours }] of Object.entries(endpoints(source)))
      console.log(`\n${name}, ${kind}\n${(await explain(pool, ours)).join("\n")}`);
  }
}
