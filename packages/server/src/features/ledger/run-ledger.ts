import { setTimeout as sleep } from "node:timers/promises";
import { v7 as uuidv7 } from "uuid";
import { LineUpAgain } from "../../judge/calls/line-up-again.ts";
import { answerKey } from "../../judge/ledger/answer-key.ts";
import type { Answer, AnswerKey, CallOutcome, Ledger, LedgerCall } from "../../judge/ledger/ledger.ts";
import { LedgerError } from "../../judge/ledger/ledger-error.ts";
import type { NewCall } from "./begin-calls.ts";
import type { EndedCall } from "./end-calls.ts";
import type { StoredAnswers, WantedAnswers } from "./find-answers.ts";

/** The run whose calls are recorded. */
export interface LedgerRun {
  readonly project_id: string;
  readonly run_id: string;
  /** Whether only answers count that were given in this very run. */
  readonly fresh: boolean;
}

/** What is done in the tables. */
interface LedgerTables {
  find(wanted: WantedAnswers): Promise<StoredAnswers>;
  begin(call: NewCall): Promise<void>;
  end(call: EndedCall): Promise<void>;
}

/** The ledger of one run: its calls and their answers go into the tables, and count for the run. */
export class RunLedger implements Ledger {
  readonly #run: LedgerRun;
  readonly #tables: LedgerTables;

  constructor({ project_id, run_id, fresh }: LedgerRun, tables: LedgerTables) {
    this.#run = { project_id, run_id, fresh };
    this.#tables = tables;
  }

  get project(): string {
    return this.#run.project_id;
  }

  get run(): string {
    return this.#run.run_id;
  }

  async find(keys: readonly AnswerKey[]): Promise<ReadonlyMap<AnswerKey, Answer>> {
    if (keys.length === 0) return new Map();
    const wanted = { ...this.#run, keys: keys.map((key) => this.#stored(key)) };
    const stored = await reaching(this.#tables.find(wanted));
    const known = new Map<AnswerKey, Answer>();
    for (const key of keys) {
      const answer = stored.get(this.#stored(key));
      if (answer !== undefined) known.set(key, answer);
    }
    return known;
  }

  async begin(call: LedgerCall): Promise<string> {
    const id = uuidv7();
    const keys = call.keys.map((key) => this.#stored(key));
    await reaching(this.#tables.begin({ ...this.#run, ...call, id, keys }));
    return id;
  }

  async end(callId: string, outcome: CallOutcome): Promise<void> {
    const answers = [...outcome.answers].map(([key, answer]) => ({ key: this.#stored(key), answer }));
    await reaching(this.#tables.end({ ...this.#run, ...outcome, id: callId, answers }));
  }

  /** A run that judges anew keeps its answers to itself. */
  #stored(key: AnswerKey): AnswerKey {
    return this.#run.fresh ? answerKey([this.#run.run_id, key]) : key;
  }
}

/** How long a question may wait for the database. */
const timeoutMs = 30_000;

/** What the database throws, or that it does not answer, says nothing about the question that is asked. */
async function reaching<T>(work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`The database did not answer within ${timeoutMs / 1000} s.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    // What says that the call shall wait is no failure of the ledger.
    if (error instanceof LineUpAgain) throw error;
    throw new LedgerError("The ledger of judge calls could not be reached.", { cause: error });
  } finally {
    timer.abort();
  }
}
