import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import type { Answer, AnswerKey, CallOutcome, Ledger, LedgerCall } from "../../judge/ledger/ledger.ts";
import { anyVector } from "../../judge/rehearsal/stand-ins.ts";
import { RunBatcher } from "../runs/run-batcher.ts";
import type { RunKey } from "../runs/run-key.ts";
import type { StoredAnswers, WantedAnswers } from "./find-answers.ts";
import { reaching } from "./reaching.ts";

/**
 * The ledger of a run that is only rehearsed: it knows what the project's ledger knows, keeps what comes of the rehearsal to
 * itself, and writes nothing.
 */
export class RehearsalLedger implements Ledger {
  readonly #projectId: string;
  /** It is none. */
  readonly run = "";
  readonly #finding: RunBatcher<WantedAnswers, StoredAnswers> | undefined;
  readonly #rehearsed = new Map<AnswerKey, Answer>();
  /** The calls that the run would make. */
  readonly calls: LedgerCall[] = [];
  /** Calls that it would not make, because the answers are known. */
  cachedCalls = 0;

  /** @param fresh whether nothing counts that was answered before. */
  constructor(db: Database, { projectId, fresh }: { projectId: string; fresh: boolean }) {
    this.#projectId = projectId;
    this.#finding = fresh ? undefined : new RunBatcher(db, readAnswers, 0);
  }

  get project(): string {
    return this.#projectId;
  }

  async find(keys: readonly AnswerKey[]): Promise<ReadonlyMap<AnswerKey, Answer>> {
    const wanted = keys.filter((key) => !this.#rehearsed.has(key));
    const stored = await this.#stored(wanted);
    const known = new Map<AnswerKey, Answer>();
    for (const key of keys) {
      const answer = this.#rehearsed.get(key) ?? stored?.get(key);
      if (answer !== undefined) known.set(key, answer);
    }
    if (known.size > 0) this.cachedCalls += 1;
    return known;
  }

  async begin(call: LedgerCall): Promise<string> {
    this.calls.push(call);
    return uuidv7();
  }

  /** Only who gives up the whole rehearsal does so: nobody reads what it counted. */
  async withdraw(): Promise<void> {}

  async end(_callId: string, { answers }: CallOutcome): Promise<void> {
    for (const [key, answer] of answers) this.#rehearsed.set(key, answer);
  }

  async #stored(keys: readonly AnswerKey[]): Promise<StoredAnswers | undefined> {
    if (keys.length === 0 || this.#finding === undefined) return undefined;
    // It is no run: its project may stand for one.
    const wanted = { project_id: this.#projectId, run_id: this.#projectId, keys };
    return reaching(this.#finding.record(wanted));
  }
}

/** Reads the answers that the project has; of embeddings, only that it has them. */
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
  return new Map(rows.map(({ key, answer }) => [key.toString("hex"), answer ?? anyVector]));
}
