import { v7 as uuidv7 } from "uuid";
import { LineUpAgain } from "../../judge/calls/line-up-again.ts";
import { answerKey } from "../../judge/ledger/answer-key.ts";
import type { Answer, AnswerKey, CallOutcome, Ledger, LedgerCall } from "../../judge/ledger/ledger.ts";
import type { NewCall } from "./begin-calls.ts";
import { budgetExceeded } from "./budget-exceeded.ts";
import type { BudgetLines } from "./budget-lines.ts";
import type { EndedCall } from "./end-calls.ts";
import type { StoredAnswers, WantedAnswers } from "./find-answers.ts";
import { reaching } from "./reaching.ts";
import type { Admissions, Budget } from "./reserve-calls.ts";
import type { WithdrawnCall } from "./withdraw-call.ts";

/** The run whose calls are recorded. */
export interface LedgerRun {
  readonly project_id: string;
  readonly run_id: string;
  /** Whether only answers count that were given in this very run. */
  readonly fresh: boolean;
  /** What it may cost, and has cost at least; `null`: no limit. */
  readonly budget: Budget | null;
}

/** What is done in the tables. */
interface LedgerTables {
  find(wanted: WantedAnswers): Promise<StoredAnswers>;
  begin(call: NewCall): Promise<void>;
  reserve(call: NewCall): Promise<Admissions>;
  withdraw(call: WithdrawnCall): Promise<void>;
  end(call: EndedCall): Promise<void>;
}

/** The ledger of one run: its calls and their answers go into the tables, and count for the run. */
export class RunLedger implements Ledger {
  readonly #run: Omit<LedgerRun, "budget">;
  readonly #tables: LedgerTables;
  readonly #lines: BudgetLines;
  #budget: Budget | null;

  /** @param lines where calls wait for their run's budget. */
  constructor({ project_id, run_id, fresh, budget }: LedgerRun, tables: LedgerTables, lines: BudgetLines) {
    this.#run = { project_id, run_id, fresh };
    this.#budget = budget;
    this.#tables = tables;
    this.#lines = lines;
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
    // Whoever is answered has no call to make.
    if (known.size > 0) this.#lines.next(this.#run.run_id);
    return known;
  }

  async begin(call: LedgerCall): Promise<string> {
    const id = uuidv7();
    const keys = call.keys.map((key) => this.#stored(key));
    const newCall = { ...this.#run, ...call, id, keys };
    if (this.#budget === null) await reaching(this.#tables.begin(newCall));
    else await this.#reserve(newCall, this.#budget);
    return id;
  }

  async withdraw(callId: string): Promise<void> {
    await reaching(this.#tables.withdraw({ ...this.#run, id: callId }));
    this.#lines.next(this.#run.run_id);
  }

  async end(callId: string, outcome: CallOutcome): Promise<void> {
    const answers = [...outcome.answers].map(([key, answer]) => ({ key: this.#stored(key), answer }));
    await reaching(this.#tables.end({ ...this.#run, ...outcome, id: callId, answers }));
    this.#lines.next(this.#run.run_id);
  }

  /** @throws LineUpAgain where the call has to wait for others; JudgeError where the run cannot afford it. */
  async #reserve(call: NewCall, known: Budget): Promise<void> {
    const { run_id: runId } = this.#run;
    // What is spent stays spent: nobody has to be asked whether that is too much.
    const { budget, of }: Admissions = isBeyond(known, call)
      ? { budget: known, of: new Map() }
      : await reaching(this.#tables.reserve(call));
    this.#budget = budget;
    const admission = of.get(call.id) ?? "EXCEEDED";
    if (admission === "TAKEN") {
      const turn = (signal: AbortSignal) => this.#lines.wait(runId, signal);
      throw new LineUpAgain("What the run may still spend is reserved for calls in flight.", turn);
    }
    this.#lines.next(runId);
    if (admission === "EXCEEDED") throw budgetExceeded(budget, call);
  }

  /** A run that judges anew keeps its answers to itself. */
  #stored(key: AnswerKey): AnswerKey {
    return this.#run.fresh ? answerKey([this.#run.run_id, key]) : key;
  }
}

/** Whether it is too much beyond all rounding; the database, which does not round, decides the rest. */
function isBeyond({ maxUsd, spentUsd }: Budget, { reservedUsd }: NewCall): boolean {
  return reservedUsd === null || reservedUsd > maxUsd * (1 + 1e-9) - spentUsd;
}
