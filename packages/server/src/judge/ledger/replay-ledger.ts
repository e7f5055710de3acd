import type { Database } from "../../db/database.ts";
import type { Admission, Answer, AnswerKey, CallResult, Ledger, Questions } from "./ledger.ts";
import { answerKey } from "./ledger.ts";

/** Reads the answers that a run used, and writes nothing. */
export class ReplayLedger implements Ledger {
  readonly run: string;
  readonly project: string;
  readonly scope: string;
  readonly #db: Database;
  readonly #fresh: boolean;
  readonly #placeholders = new Map<AnswerKey, Answer>();

  /** @param run `fresh`: whether it ignored the answers of earlier runs. */
  constructor(
    db: Database,
    run: { readonly project_id: string; readonly id: string; readonly fresh: boolean },
  ) {
    this.#db = db;
    this.#fresh = run.fresh;
    this.run = run.id;
    this.project = run.project_id;
    this.scope = run.fresh ? run.id : run.project_id;
  }

  async find(questions: Questions): Promise<ReadonlyMap<AnswerKey, Answer>> {
    const asked = new Map([...questions.keys()].map((key) => [this.#stored(key), key]));
    const rows = await this.#db
      .selectFrom("judge_answers")
      .select(["key", "answer"])
      .where("project_id", "=", this.project)
      .where(
        "key",
        "in",
        Array.from(asked.keys(), (key) => Buffer.from(key, "hex")),
      )
      .execute();
    const found = rows.flatMap(({ key, answer }) => {
      const own = asked.get(key.toString("hex"));
      return own === undefined || answer === null ? [] : [[own, answer] as const];
    });
    const placeholders = [...questions.keys()].flatMap((key) => {
      const known = this.#placeholders.get(key);
      return known === undefined ? [] : [[key, known] as const];
    });
    return new Map([...placeholders, ...found]);
  }

  async begin(): Promise<Admission> {
    return { kind: "admitted", callId: "" };
  }

  /** Never called: no call fails here. */
  async withdraw(): Promise<void> {}

  /** Embeddings are placeholders, because no question shows them. */
  async end(_callId: string, { answers }: CallResult): Promise<void> {
    for (const [key, answer] of answers) this.#placeholders.set(key, answer);
  }

  #stored(key: AnswerKey): AnswerKey {
    return this.#fresh ? answerKey([this.run, key]) : key;
  }
}
