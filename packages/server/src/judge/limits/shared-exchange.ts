import { sql } from "kysely";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { arbitrate } from "./arbitrate.ts";
import type { Exchange } from "./exchange.ts";
import { unknownModel } from "./model-state.ts";
import { storedState } from "./stored-state.ts";

/** Between all processes that share the database, by its clock. One of them at a time changes what is known of a model. */
export function createSharedExchange(db: Database): Exchange {
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
          .values({ model, state: JSON.stringify(unknownModel) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        row = await locked.executeTakeFirstOrThrow();
      }
      const { state, grant } = arbitrate(storedState(row.state), report, rules, row.now);
      await transaction
        .updateTable("judge_models")
        .set({ state: JSON.stringify(state) })
        .where("model", "=", model)
        .execute();
      return grant;
    });
}
