import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { allocate, type Rules } from "./allocate.ts";
import { type ModelState, toModelState } from "./model-state.ts";
import type { Grant, Report } from "./report.ts";

/** Shares the rate limits of a model, or of a provider's models together, between processes: takes a report, returns a grant. */
export type Coordinator = (key: string, report: Report, rules: Rules) => Promise<Grant>;

/** For a single process. */
export function createLocalCoordinator(): Coordinator {
  const states = new Map<string, ModelState>();
  return async (key, report, rules) => {
    const { state, grant } = allocate(states.get(key) ?? toModelState(), report, rules, performance.now());
    states.set(key, state);
    return grant;
  };
}

/** For all processes that share the database, by its clock. A row lock per model serializes their reports. */
export function createSqlCoordinator(db: Database): Coordinator {
  return (model, report, rules) =>
    inTransaction(db, async (transaction) => {
      const locked = transaction
        .selectFrom("judge_models")
        .select(["state", sql<number>`(extract(epoch from clock_timestamp()) * 1000)::float8`.as("now")])
        .where("model", "=", model)
        .forUpdate();
      let row = await locked.executeTakeFirst();
      if (row === undefined) {
        await transaction
          .insertInto("judge_models")
          .values({ model, state: JSON.stringify(toModelState()) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        row = await locked.executeTakeFirstOrThrow();
      }
      const { state, grant } = allocate(toModelState(row.state), report, rules, row.now);
      await transaction
        .updateTable("judge_models")
        .set({ state: JSON.stringify(state) })
        .where("model", "=", model)
        .execute();
      return grant;
    });
}
