import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { RunBatcher } from "../../db/run-batcher.ts";
import type { RunKey } from "../../db/run-key.ts";
import type { StoredAnswers, WantedAnswers } from "./find-answers.ts";
import type { Admission, Answer, AnswerKey, CallResult, Ledger, LedgerCall, Questions } from "./ledger.ts";

/** Any embedding in a dry run, where only the number of calls and texts matters. */
export const placeholderVector: readonly number[] = [1];

/**
 * The ledger of a dry run: reads the project's answers, keeps those of the dry run in memory, and writes nothing. It
 * passes on database errors, because no job retries a dry run.
 */
export class DryRunLedger implements Ledger {
  readonly project: string;
  readonly run = "";
  readonly scope: string;
  readonly #finding: RunBatcher<WantedAnswers, StoredAnswers> | undefined;
  readonly #answers = new Map<AnswerKey, Answer>();
  /** The calls that the run would make. */
  readonly calls: LedgerCall[] = [];
  /** The number of calls that it would not make because the answers are known. */
  cachedCalls = 0;

  /** @param fresh whether earlier answers are ignored. */
  constructor(db: Database, { projectId, fresh }: { projectId: string; fresh: boolean }) {
    this.project = projectId;
    this.scope = projectId;
    this.#finding = fresh ? undefined : new RunBatcher(db, readAnswers, 0);
  }

  async find(questions: Questions): Promise<ReadonlyMap<AnswerKey, Answer>> {
    const keys = [...questions.keys()];
    const stored = await this.#stored(keys.filter((key) => !this.#answers.has(key)));
    const known = new Map<AnswerKey, Answer>();
    for (const key of keys) {
      const answer = this.#answers.get(key) ?? stored?.get(key);
      if (answer !== undefined) known.set(key, answer);
    }
    if (known.size > 0) this.cachedCalls += 1;
    return known;
  }

  async begin(call: LedgerCall): Promise<Admission> {
    this.calls.push(call);
    return { kind: "admitted", callId: uuidv7() };
  }

  /** Never called: a dry run ends with the request that asked for it. */
  async withdraw(): Promise<void> {}

  async end(_callId: string, { answers }: CallResult): Promise<void> {
    for (const [key, answer] of answers) this.#answers.set(key, answer);
  }

  async #stored(keys: readonly AnswerKey[]): Promise<StoredAnswers | undefined> {
    if (keys.length === 0 || this.#finding === undefined) return undefined;
    // A dry run has no id; queries are batched by project.
    return this.#finding.record({ project_id: this.project, run_id: this.project, keys, about: [] });
  }
}

/** Reads the project's answers. An embedding becomes the placeholder. */
async function readAnswers(
  db: Database,
  { project_id }: RunKey,
  wanted: readonly WantedAnswers[],
): Promise<StoredAnswers> {
  const keys = wanted.flatMap((item) => item.keys.map((key) => Buffer.from(key, "hex")));
  const rows = await db
    .selectFrom("judge_answers")
    .select(["key", "answer"])
    .where("project_id", "=", project_id)
    .where("key", "in", keys)
    .execute();
  return new Map(rows.map(({ key, answer }) => [key.toString("hex"), answer ?? placeholderVector]));
}
