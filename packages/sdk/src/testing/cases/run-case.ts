import type { SpanCreate, TraceCreate } from "@pandaprobe/sdk";

/** An input for the agent, and what is known about a good answer. */
export interface TestCase<Input = unknown> {
  /** The same in every version of the agent, because comparisons pair traces by it (`metadata.case_id`). */
  readonly id: string;
  readonly input: Input;
  /**
   * The expected content of a good answer. It becomes `metadata.expected`, and metrics of your own can
   * compare with it.
   */
  readonly expected?: unknown;
}

/** One run of the agent on a case. */
export interface CaseRun {
  readonly id: string;
  /** From 1. */
  readonly repeat: number;
  /** The id of the trace that will be stored. Spans that the agent sends itself may name it. */
  readonly traceId: string;
  /** Add spans here to store them with the trace. */
  readonly spans: SpanCreate[];
  /** Aborts when the evaluation is aborted. */
  readonly signal: AbortSignal;
}

/** The agent: gets the input of a case, and returns its answer as a JSON value. */
export type CaseAgent<Input = unknown> = (input: Input, run: CaseRun) => unknown;

/** Fields of all traces. */
export type CaseTraceFields = Pick<TraceCreate, "release" | "environment" | "tags" | "user_id">;

/** The trace of the agent, and why there is no answer. */
export interface EndedCaseRun {
  readonly id: string;
  readonly repeat: number;
  readonly trace: TraceCreate & { readonly trace_id: string };
  /** `null` if the agent answered. */
  readonly error: string | null;
}

/** Runs the agent once. Whatever it throws is part of the result. */
export async function runCase<Input>(
  { id, input, expected }: TestCase<Input>,
  repeat: number,
  agent: CaseAgent<Input>,
  {
    name,
    fields,
    signal,
  }: { readonly name: string; readonly fields: CaseTraceFields; readonly signal: AbortSignal },
): Promise<EndedCaseRun> {
  const traceId = crypto.randomUUID();
  const spans: SpanCreate[] = [];
  const startedAt = new Date().toISOString();
  const { output, error } = await outcome(() => agent(input, { id, repeat, traceId, spans, signal }), signal);
  const endedAt = new Date().toISOString();
  const failure: SpanCreate = {
    name,
    kind: "AGENT",
    status: "ERROR",
    started_at: startedAt,
    ended_at: endedAt,
    error: error ?? undefined,
  };
  const trace = {
    ...fields,
    trace_id: traceId,
    name,
    input,
    output,
    status: error === null ? "COMPLETED" : "ERROR",
    metadata: { case_id: id, repeat, ...(expected === undefined ? {} : { expected }) },
    started_at: startedAt,
    ended_at: endedAt,
    spans: error === null ? spans : [...spans, failure],
  } as const;
  return { id, repeat, trace, error };
}

/** The answer, or why there is none. An agent that ignores its signal is not awaited. */
async function outcome(
  answer: () => unknown,
  signal: AbortSignal,
): Promise<{ readonly output: unknown; readonly error: string | null }> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(new Error("The evaluation was aborted."));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    const output = await Promise.race([(async () => answer())(), stopped]);
    return { output: jsonOf(output), error: null };
  } catch (error) {
    return { output: null, error: messageOf(error) };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** The value as it would arrive. @throws TypeError for a value that JSON cannot represent, such as a cycle. */
function jsonOf(output: unknown): unknown {
  const text = JSON.stringify(output) as string | undefined;
  return text === undefined ? null : JSON.parse(text);
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return "The agent threw a value that has no text.";
  }
}
