import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { JudgeError } from "@pandaprobe/contract/rules";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "../../db/database.ts";
import { retryWhileDatabaseIsAway } from "../../db/retry-while-database-is-away.ts";
import { RunBatcher } from "../../db/run-batcher.ts";
import { withTimeLimit } from "../../time-limit.ts";
import {
  type Admissions,
  type Budget,
  beginCalls,
  type Claims,
  type NewCall,
  reserveCalls,
  withdrawCall,
} from "./begin-calls.ts";
import { BudgetQueue } from "./budget-queue.ts";
import { type EndedCall, endCalls } from "./end-calls.ts";
import { findAnswers, type StoredAnswers, type WantedAnswers } from "./find-answers.ts";
import {
  type Admission,
  type Answer,
  type AnswerKey,
  answerKey,
  type CallResult,
  type Ledger,
  type LedgerCall,
  LedgerError,
  type Questions,
} from "./ledger.ts";

/** The run whose calls are recorded. */
export interface LedgerRun {
  readonly project_id: string;
  readonly run_id: string;
  /** Whether the run ignores earlier answers. */
  readonly fresh: boolean;
  /** As last read; `null` for a run without a budget. */
  readonly budget: Budget | null;
}

/** How long it may take to record the end of a call. */
const recordingMs = 5_000;
/** How long one operation may wait for the database. */
const databaseTimeoutMs = 30_000;
/** How often to check whether another process has finished asking the same question. */
const claimPollMs = 250;

const never = new AbortController().signal;

/** The longest that a call can be in flight in any process until its end is recorded, in milliseconds. */
export function longestCallMs(callTimeoutMs: number): number {
  return callTimeoutMs + recordingMs;
}

/** The ledgers of the runs that a process works on. They batch concurrent operations of a run into one statement. */
export class SqlLedgers {
  /** Identifies claims, and usage rows: each process has its own, so that none waits for another. */
  readonly processId = randomUUID();
  readonly #db: Database;
  readonly #finding: RunBatcher<WantedAnswers, StoredAnswers>;
  readonly #beginning: RunBatcher<NewCall, Admissions>;
  readonly #reserving: RunBatcher<NewCall, Admissions>;
  readonly #ending: RunBatcher<EndedCall>;
  readonly #budgetQueue = new BudgetQueue();

  /** @param callTimeoutMs the longest that a call may take in any process. */
  constructor(db: Database, { callTimeoutMs }: { callTimeoutMs: number }) {
    const { processId } = this;
    const claims: Claims = { processId, longestCallMs: longestCallMs(callTimeoutMs) };
    this.#db = db;
    this.#finding = new RunBatcher(db, (...args) => findAnswers(processId, ...args), 0);
    this.#beginning = new RunBatcher(db, (...args) => beginCalls(claims, ...args), 0);
    this.#reserving = new RunBatcher(db, (...args) => reserveCalls(claims, ...args), 0);
    this.#ending = new RunBatcher(db, (...args) => endCalls(processId, ...args), 0);
  }

  of(run: LedgerRun): Ledger {
    const key = { project_id: run.project_id, id: run.run_id };
    return new SqlLedger(run, this.#budgetQueue, {
      find: (item) => inTime(this.#finding.record(item)),
      begin: (item) => inTime((run.budget === null ? this.#beginning : this.#reserving).record(item)),
      withdraw: (callId) => inTime(withdrawCall(this.#db, key, callId)),
      // The answer is paid for, so this waits until the database is back. The slot was released before.
      end: (item) => retryWhileDatabaseIsAway(this.#db, never, () => inTime(this.#ending.record(item))),
      isClaimed: (keys) => inTime(isClaimed(this.#db, run.project_id, keys)),
    });
  }
}

/** The database operations of a ledger. */
interface Tables {
  find(wanted: WantedAnswers): Promise<StoredAnswers>;
  begin(call: NewCall): Promise<Admissions>;
  withdraw(callId: string): Promise<void>;
  end(call: EndedCall): Promise<void>;
  isClaimed(keys: readonly AnswerKey[]): Promise<boolean>;
}

class SqlLedger implements Ledger {
  readonly project: string;
  readonly run: string;
  readonly scope: string;
  readonly #key: { readonly project_id: string; readonly run_id: string };
  readonly #fresh: boolean;
  readonly #budgetQueue: BudgetQueue;
  readonly #tables: Tables;
  #budget: Budget | null;

  constructor({ project_id, run_id, fresh, budget }: LedgerRun, budgetQueue: BudgetQueue, tables: Tables) {
    this.project = project_id;
    this.run = run_id;
    this.scope = fresh ? run_id : project_id;
    this.#key = { project_id, run_id };
    this.#fresh = fresh;
    this.#budget = budget;
    this.#budgetQueue = budgetQueue;
    this.#tables = tables;
  }

  async find(questions: Questions): Promise<ReadonlyMap<AnswerKey, Answer>> {
    if (questions.size === 0) return new Map();
    const about = [...questions].flatMap(([key, traces]) =>
      Array.from(traces, (trace_id) => ({ key: this.#stored(key), trace_id })),
    );
    const keys = Array.from(questions.keys(), (key) => this.#stored(key));
    const stored = await this.#tables.find({ ...this.#key, keys, about });
    const known = new Map<AnswerKey, Answer>();
    for (const key of questions.keys()) {
      const answer = stored.get(this.#stored(key));
      if (answer !== undefined) known.set(key, answer);
    }
    // This call needs no budget, so the next one may try.
    if (known.size > 0) this.#budgetQueue.next(this.run);
    return known;
  }

  async begin(call: LedgerCall): Promise<Admission> {
    const id = uuidv7();
    const keys = call.keys.map((key) => this.#stored(key));
    const newCall = { ...this.#key, ...call, id, keys };
    // Spending never decreases, so the last known value is enough to refuse a call.
    const known = this.#budget;
    if (known !== null && isBeyond(known, call)) return this.#exceeded(known, call);
    const { budget, of } = await this.#tables.begin(newCall);
    this.#budget = budget;
    switch (of.get(id)) {
      case "ADMITTED":
        this.#budgetQueue.next(this.run);
        return { kind: "admitted", callId: id };
      case "ASKED":
        this.#budgetQueue.next(this.run);
        return { kind: "wait", until: (signal) => this.#untilUnclaimed(keys, signal) };
      case "RESERVED":
        return { kind: "wait", until: (signal) => this.#budgetQueue.wait(this.run, signal) };
      default:
        return this.#exceeded(budget ?? { maxUsd: 0, spentUsd: 0 }, call);
    }
  }

  async withdraw(callId: string): Promise<void> {
    await this.#tables.withdraw(callId);
    this.#budgetQueue.next(this.run);
  }

  async end(callId: string, outcome: CallResult): Promise<void> {
    const answers = [...outcome.answers].map(([key, answer]) => ({ key: this.#stored(key), answer }));
    await this.#tables.end({ ...this.#key, ...outcome, id: callId, answers });
    this.#budgetQueue.next(this.run);
  }

  #exceeded(budget: Budget, call: LedgerCall): Admission {
    this.#budgetQueue.next(this.run);
    return { kind: "refused", error: budgetExceeded(budget, call) };
  }

  async #untilUnclaimed(keys: readonly AnswerKey[], signal: AbortSignal): Promise<void> {
    while (await this.#tables.isClaimed(keys)) {
      await sleep(claimPollMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** The stored key. A fresh run has keys of its own, so that it shares no answers. */
  #stored(key: AnswerKey): AnswerKey {
    return this.#fresh ? answerKey([this.run, key]) : key;
  }
}

/** Whether another process is asking one of these questions. */
async function isClaimed(db: Database, projectId: string, keys: readonly AnswerKey[]): Promise<boolean> {
  const { rows } = await sql`
    select from judge_claims
    where project_id = ${projectId} and key = any (array(select decode(key, 'hex') from unnest(${keys}::text[]) as key))
      and expires_at >= clock_timestamp()
    limit 1`.execute(db);
  return rows.length > 0;
}

/** @throws LedgerError if the database fails or takes too long. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const late = () => new Error(`The database did not answer within ${databaseTimeoutMs / 1000} s.`);
  try {
    return await withTimeLimit({ ms: databaseTimeoutMs, late }, () => work);
  } catch (error) {
    throw new LedgerError("The ledger of judge calls could not be reached.", { cause: error });
  }
}

/** Whether a call exceeds the budget by more than a rounding error. The database calculates exactly and decides the rest. */
function isBeyond({ maxUsd, spentUsd }: Budget, { reservedUsd }: LedgerCall): boolean {
  return reservedUsd === null || reservedUsd > maxUsd * (1 + 1e-9) - spentUsd;
}

function budgetExceeded({ maxUsd, spentUsd }: Budget, { model, reservedUsd }: LedgerCall): JudgeError {
  const cost =
    reservedUsd === null
      ? `this server does not know what a call to ${model} costs. Add its price to JUDGE_PRICES, then retry the run.`
      : `the next call to ${model} may cost up to ${usd(reservedUsd)}. Retry the run with a higher max_cost_usd: it continues where this one stopped.`;
  return new JudgeError(
    `budget_exceeded: the run may cost ${usd(maxUsd)} (max_cost_usd), its calls have cost ${usd(spentUsd)}, and ${cost}`,
    { code: "budget_exceeded" },
  );
}

function usd(value: number): string {
  return `${Number(value.toPrecision(6))} USD`;
}
