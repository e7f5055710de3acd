import type { Pool } from "pg";
import type { Database } from "../packages/server/src/db/database.ts";
import { traceTarget } from "../packages/server/src/features/analytics/score-source.ts";
import { deleteScore, updateScore } from "../packages/server/src/features/scores/write-scores.ts";
import { deleteTrace } from "../packages/server/src/features/traces/delete-traces.ts";
import {
  createProject,
  createTraces,
  insertScores,
} from "../packages/server/test/analytics/support/score-table.ts";
import { median, timesMs } from "./times.ts";

const batch = 500;
const ways = {
  with: `alter table trace_scores enable trigger user;
    create index if not exists trace_scores_by_name on trace_scores (project_id, name, created_at desc)
      include (data_type, status, value, applicable, passed, trace_id, source, eval_run_id)`,
  without: "alter table trace_scores disable trigger user; drop index trace_scores_by_name",
};

/** Prints how long each kind of write takes with the triggers and the index of analytics ÷ without them. */
export async function compareWrites(pool: Pool, db: Database, rounds: number): Promise<void> {
  const times = { with: new Map<string, number[]>(), without: new Map<string, number[]>() };
  const folding: number[] = [];
  // Alternately, so that other load on the machine affects both.
  for (let turn = 0; turn < 6; turn += 1) {
    const way = turn % 2 === 0 ? "with" : "without";
    await pool.query(ways[way]);
    for (const [name, more] of await measureWrites(db, rounds))
      times[way].set(name, [...(times[way].get(name) ?? []), ...more]);
    if (way === "with") folding.push(await foldingMs(pool));
  }
  console.log("writes, with analytics ÷ without (one transaction each, with synchronous commits)");
  const ms = (way: keyof typeof ways, name: string) => median(times[way].get(name) ?? []);
  for (const name of times.with.keys())
    console.log(`  ${name.padEnd(40)} ${(ms("with", name) / ms("without", name)).toFixed(2)}`);
  const insert = ms("without", `insert ${batch} scores`) / batch;
  console.log(
    `  ${"folding a delta later ÷ inserting a score".padEnd(40)} ${(median(folding) / insert).toFixed(2)}`,
  );
}

async function measureWrites(db: Database, rounds: number): Promise<Map<string, number[]>> {
  const projectId = await createProject(db);
  const traces = await createTraces(db, projectId, 5000);
  let next = 0;
  const insert = async (count: number) => {
    const rows = Array.from({ length: count }, () => {
      const n = next++;
      return {
        name: `metric_${n % 10}`,
        data_type: "NUMERIC" as const,
        status: "SUCCESS" as const,
        value: String(((n * 7919) % 21) / 20),
        created_at: new Date(Date.UTC(2026, 5, 1) + n * 100).toISOString(),
        targetId: traces[Math.floor(n / 10) % traces.length] ?? "",
        runId: null,
      };
    });
    await insertScores(db, traceTarget, projectId, rows);
  };
  const times = new Map<string, number[]>();
  times.set(`insert ${batch} scores`, await timesMs(rounds * 3, () => insert(batch)));
  times.set("insert one score", await timesMs(rounds * 10, () => insert(1)));
  const ids = (
    await db
      .selectFrom("trace_scores")
      .select("id")
      .where("project_id", "=", projectId)
      .orderBy("id")
      .execute()
  ).map(({ id }) => id);
  times.set(
    "correct a score (PATCH)",
    await timesMs(rounds * 10, (n) =>
      updateScore(db, "trace_scores", projectId, ids[n] ?? "", { value: `0.${n}` }),
    ),
  );
  times.set(
    "delete a score",
    await timesMs(rounds * 10, (n) => deleteScore(db, "trace_scores", projectId, ids[n] ?? "")),
  );
  times.set(
    "delete a trace with its 10 scores",
    await timesMs(rounds * 5, (n) => deleteTrace(db, projectId, traces[n + 200] ?? "")),
  );
  return times;
}

/** How long folding takes per waiting delta, in milliseconds. */
async function foldingMs(pool: Pool): Promise<number> {
  const startedAt = performance.now();
  let moved = 0;
  for (;;) {
    const { rows } = await pool.query<{ moved: number }>("select fold_score_deltas(5000) as moved");
    moved += rows[0]?.moved ?? 0;
    if ((rows[0]?.moved ?? 0) === 0) return (performance.now() - startedAt) / moved;
  }
}
