import {
  type CreateBatchEvalRunRequest,
  type EvaluatedTraces,
  type EvaluateTracesOptions,
  PandaProbe,
} from "@pandaprobe/sdk";
import { type CaseResult, caseResults, passPowers } from "./case-results.ts";
import {
  type CaseAgent,
  type CaseTraceFields,
  type EndedCaseRun,
  runCase,
  type TestCase,
} from "./run-case.ts";

export interface EvaluateCasesOptions extends CaseTraceFields, Omit<EvaluateTracesOptions, "idempotencyKey"> {
  readonly metrics: readonly string[];
  /** How often the agent runs on each case; with more than one, flaky cases become visible. Default: 1. */
  readonly repeats?: number | undefined;
  /** How many runs of the agent there are at once. Default: 4. */
  readonly concurrency?: number | undefined;
  /** The name of the traces and of the run. Default: `cases`. */
  readonly name?: string | undefined;
  /** How to judge: the judge, thresholds, the highest cost. Default: the server's configuration. */
  readonly judging?: Omit<CreateBatchEvalRunRequest, "trace_ids" | "metrics" | "name"> | undefined;
  /** Default: a client configured from the environment. */
  readonly client?: PandaProbe | undefined;
}

/** The result for the matchers, and the cases. */
export interface EvaluatedCases extends EvaluatedTraces {
  /** In the order in which they were given. */
  readonly cases: readonly CaseResult[];
  /**
   * pass^k: the probability that k runs of a case all pass, as a mean over the cases. The first is for k = 1, and
   * there is one for each repeat.
   */
  readonly passPowers: readonly number[];
}

/**
 * Runs an agent on cases, stores a trace of each run, and evaluates them. If the agent throws, its case has failed.
 * Aborting `signal` stops the agent, stores the traces so far, and rejects with its reason.
 *
 * @throws TypeError for no cases, or two with the same id; RangeError for `repeats` or `concurrency` below 1; what
 * `createTrace` and `evaluateTraces` throw.
 * @example
 * ```ts
 * import { evaluateCases } from "@pandaprobe/sdk/testing/cases";
 *
 * const cases = [{ id: "refund", input: "I want my money back.", expected: "It starts a refund." }];
 * const agent = async (question: string) => `You asked: ${question}`;
 * const result = await evaluateCases(cases, agent, { metrics: ["task_completion"], repeats: 3, release: "v42" });
 * expect(result).toPassCases({ rate: 0.9 });
 * console.log(result.passPowers, result.cases.filter(({ isFlaky }) => isFlaky));
 * ```
 */
export async function evaluateCases<Input>(
  cases: readonly TestCase<Input>[],
  agent: CaseAgent<Input>,
  options: EvaluateCasesOptions,
): Promise<EvaluatedCases> {
  const { metrics, repeats = 1, concurrency = 4, name = "cases", judging, ...others } = options;
  const { client = new PandaProbe(), release, environment, tags, user_id, ...waiting } = others;
  checkCases(cases);
  checkCount("repeats", repeats);
  checkCount("concurrency", concurrency);
  const fields: CaseTraceFields = { release, environment, tags, user_id };
  const signal = waiting.signal ?? new AbortController().signal;
  const ended: EndedCaseRun[] = [];
  const queue = cases
    .flatMap((one) => Array.from({ length: repeats }, (_, i) => ({ one, repeat: i + 1 })))
    .values();
  let failure: { readonly error: unknown } | undefined;
  const work = async () => {
    for (const { one, repeat } of queue) {
      if (signal.aborted || failure !== undefined) return;
      try {
        const run = await runCase(one, repeat, agent, { name, fields, signal });
        // Not aborted by the signal: the traces so far are stored even if the evaluation is aborted.
        await client.createTrace(run.trace);
        ended.push(run);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  signal.throwIfAborted();
  if (failure !== undefined) throw failure.error;
  const evaluated = await client.evaluateTraces(
    { ...judging, name, metrics: [...metrics], trace_ids: ended.map(({ trace }) => trace.trace_id) },
    waiting,
  );
  const order = new Map(cases.map(({ id }, i) => [id, i]));
  const inOrder = ended.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  const results = caseResults(inOrder, evaluated.scores);
  return { ...evaluated, cases: results, passPowers: passPowers(results, repeats) };
}

function checkCases(cases: readonly TestCase[]): void {
  if (cases.length === 0) throw new TypeError("There are no cases, so there is nothing to evaluate.");
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (typeof id !== "string" || id === "") throw new TypeError("Each case needs an id, a text.");
    if (ids.has(id)) throw new TypeError(`Two cases have the id ${JSON.stringify(id)}.`);
    ids.add(id);
  }
}

function checkCount(name: string, count: number): void {
  if (Number.isSafeInteger(count) && count >= 1) return;
  throw new RangeError(`${name} must be a whole number, 1 or more, not ${String(count)}.`);
}
