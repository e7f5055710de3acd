import { JudgeError } from "../../metrics/judge.ts";

/** What is left of the run's budget might not pay for the call, so it was not made. */
export class BudgetExceededError extends JudgeError {
  constructor(maxCostUsd: number) {
    super(
      `budget_exceeded: the next call might cost more than what is left of this run's ${maxCostUsd} USD (max_cost_usd). Retry the run with a budget for the rest.`,
    );
  }
}
