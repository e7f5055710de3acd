import type { RunUsage } from "@pandaprobe/contract";
import { JudgeError } from "@pandaprobe/contract/rules";
import type { Admission, Answer, AnswerKey, CallResult, Ledger, LedgerCall, Questions } from "./ledger.ts";
import { noUsage } from "./usage.ts";

/** A budget that several ledgers of a process share. */
export class SharedBudget {
  readonly #maxUsd: number;
  #spentUsd = 0;
  /** At most, by calls in flight. */
  #reservedUsd = 0;
  #changed = Promise.withResolvers<void>();

  constructor(maxUsd: number) {
    this.#maxUsd = maxUsd;
  }

  get leftUsd(): number {
    return this.#maxUsd - this.#spentUsd - this.#reservedUsd;
  }

  /** `wait`: calls in flight may leave enough. */
  reserve(usd: number): "reserved" | "wait" | "exceeded" {
    if (usd > this.leftUsd) return this.#reservedUsd > 0 ? "wait" : "exceeded";
    this.#reservedUsd += usd;
    return "reserved";
  }

  /** @param costUsd 0 for a call that was not made. */
  settle(reservedUsd: number, costUsd: number): void {
    this.#reservedUsd -= reservedUsd;
    this.#spentUsd += costUsd;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Resolves when a call has been settled. @throws the reason of `signal` */
  async change(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([this.#changed.promise, promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

/** A ledger that adds up what its calls use, and refuses calls beyond a budget in memory. */
export class MeteredLedger implements Ledger {
  readonly project: string;
  readonly run: string;
  readonly scope: string;
  readonly #ledger: Ledger;
  readonly #budget: SharedBudget | null;
  /** The highest costs of calls in flight, by their ids. */
  readonly #inFlight = new Map<string, number | null>();
  #used: RunUsage = noUsage;

  /** @param budget `null` for no limit. */
  constructor(ledger: Ledger, budget: SharedBudget | null) {
    this.project = ledger.project;
    this.run = ledger.run;
    this.scope = ledger.scope;
    this.#ledger = ledger;
    this.#budget = budget;
  }

  /** So far. A call in flight counts at its highest cost. */
  get usage(): RunUsage {
    const inFlight = [...this.#inFlight.values()];
    return {
      ...this.#used,
      calls: this.#used.calls + inFlight.length,
      cost_usd: inFlight.reduce(sum, this.#used.cost_usd),
    };
  }

  async find(questions: Questions): Promise<ReadonlyMap<AnswerKey, Answer>> {
    const known = await this.#ledger.find(questions);
    if (known.size > 0) this.#used = { ...this.#used, cached_calls: this.#used.cached_calls + 1 };
    return known;
  }

  async begin(call: LedgerCall): Promise<Admission> {
    const reserved = call.reservedUsd ?? 0;
    const budget = this.#budget;
    const answer = budget?.reserve(reserved) ?? "reserved";
    if (answer === "wait") return { kind: "wait", until: async (signal) => budget?.change(signal) };
    if (answer === "exceeded") return { kind: "refused", error: exceeded(budget?.leftUsd ?? 0, call) };
    let admission: Admission | undefined;
    try {
      admission = await this.#ledger.begin(call);
      return admission;
    } finally {
      if (admission?.kind === "admitted") this.#inFlight.set(admission.callId, call.reservedUsd);
      else budget?.settle(reserved, 0);
    }
  }

  async withdraw(callId: string): Promise<void> {
    this.#settle(callId, 0);
    await this.#ledger.withdraw(callId);
  }

  async end(callId: string, result: CallResult): Promise<void> {
    this.#settle(callId, result.costUsd ?? 0);
    const { calls, input_tokens, output_tokens, cost_usd } = this.#used;
    this.#used = {
      ...this.#used,
      calls: calls + 1,
      input_tokens: input_tokens + (result.inputTokens ?? 0),
      output_tokens: output_tokens + (result.outputTokens ?? 0),
      cost_usd: sum(cost_usd, result.costUsd),
    };
    await this.#ledger.end(callId, result);
  }

  #settle(callId: string, costUsd: number): void {
    this.#budget?.settle(this.#inFlight.get(callId) ?? 0, costUsd);
    this.#inFlight.delete(callId);
  }
}

function sum(total: number | null, usd: number | null): number | null {
  return total === null || usd === null ? null : total + usd;
}

function exceeded(leftUsd: number, { model, reservedUsd }: LedgerCall): JudgeError {
  return new JudgeError(
    `budget_exceeded: the project may spend ${usd(leftUsd)} more today, and the next call to ${model} may cost up to ${usd(reservedUsd ?? 0)}.`,
    { code: "budget_exceeded" },
  );
}

function usd(value: number): string {
  return `${Number(value.toPrecision(6))} USD`;
}
