import { JudgeError } from "../../metrics/judge.ts";
import type { NewCall } from "./begin-calls.ts";
import type { Budget } from "./reserve-calls.ts";

/** Why a call is not made: the run could come to cost more than it may. */
export function budgetExceeded({ maxUsd, spentUsd }: Budget, { model, reservedUsd }: NewCall): JudgeError {
  const cost =
    reservedUsd === null
      ? `this server does not know what a call to ${model} costs. Add its price to JUDGE_PRICES, then retry the run.`
      : `the next call to ${model} may cost up to ${usd(reservedUsd)}. Retry the run with a higher max_cost_usd: it goes on where this one stopped.`;
  return new JudgeError(
    `budget_exceeded: the run may cost ${usd(maxUsd)} (max_cost_usd), its calls have cost ${usd(spentUsd)}, and ${cost}`,
    { code: "budget_exceeded" },
  );
}

function usd(value: number): string {
  return `${Number(value.toPrecision(6))} USD`;
}
