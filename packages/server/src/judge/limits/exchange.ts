import { arbitrate, type Rules } from "./arbitrate.ts";
import { type ModelState, unknownModel } from "./model-state.ts";
import type { Grant, Report } from "./report.ts";

/** Tells the other processes of calls to a model (or to all of a provider's), and hears what this one may do. */
export type Exchange = (key: string, report: Report, rules: Rules) => Promise<Grant>;

/** For a process that shares its models with no other. */
export function createOwnExchange(): Exchange {
  const states = new Map<string, ModelState>();
  return async (key, report, rules) => {
    const { state, grant } = arbitrate(states.get(key) ?? unknownModel, report, rules, performance.now());
    states.set(key, state);
    return grant;
  };
}
