import { randomUUID } from "node:crypto";
import type { Database } from "../../db/database.ts";
import { outliveOutages } from "../../db/outlive-outages.ts";
import type { Ledger } from "../../judge/ledger/ledger.ts";
import { RunBatcher } from "../runs/run-batcher.ts";
import { beginCalls, type NewCall } from "./begin-calls.ts";
import { BudgetLines } from "./budget-lines.ts";
import { type EndedCall, endCalls } from "./end-calls.ts";
import { findAnswers, type StoredAnswers, type WantedAnswers } from "./find-answers.ts";
import { inTime } from "./in-time.ts";
import { type Admissions, reserveCalls } from "./reserve-calls.ts";
import { type LedgerRun, RunLedger } from "./run-ledger.ts";
import { type WithdrawnCall, withdrawCall } from "./withdraw-call.ts";

const never = new AbortController().signal;
/** How long after its end a call may be recorded. One that is still under way then has lost whoever made it. */
const recordingMayTakeMs = 5_000;

/** The ledgers of the runs that a process works for. What their calls do at about the same time is done together. */
export class RunLedgers {
  readonly #db: Database;
  readonly #finding: RunBatcher<WantedAnswers, StoredAnswers>;
  readonly #beginning: RunBatcher<NewCall>;
  readonly #reserving: RunBatcher<NewCall, Admissions>;
  readonly #ending: RunBatcher<EndedCall>;
  readonly #lines = new BudgetLines();

  /** @param callTimeoutMs how long a call may take in any process. */
  constructor(db: Database, { callTimeoutMs }: { callTimeoutMs: number }) {
    this.#db = db;
    // Each process counts the usage of a run in a row of its own, so that none waits for another.
    const processId = randomUUID();
    this.#finding = new RunBatcher(db, (...args) => findAnswers(processId, ...args), 0);
    this.#beginning = new RunBatcher(db, beginCalls, 0);
    this.#reserving = new RunBatcher(
      db,
      (...args) => reserveCalls(callTimeoutMs + recordingMayTakeMs, ...args),
      0,
    );
    this.#ending = new RunBatcher(db, (...args) => endCalls(processId, ...args), 0);
  }

  of(run: LedgerRun): Ledger {
    const tables = {
      find: (item: WantedAnswers) => inTime(this.#finding.record(item)),
      begin: (item: NewCall) => inTime(this.#beginning.record(item)),
      reserve: (item: NewCall) => inTime(this.#reserving.record(item)),
      withdraw: (item: WithdrawnCall) => inTime(withdrawCall(this.#db, item)),
      // Its answer is paid for: it waits for a database that went away. Its place is given back meanwhile.
      end: (item: EndedCall) => outliveOutages(this.#db, never, () => inTime(this.#ending.record(item))),
    };
    return new RunLedger(run, tables, this.#lines);
  }
}
