import { type JudgeQuestion, limits, type ScoreJudgement } from "@pandaprobe/contract";
import { cutText, JudgeError, ModelError, whoJudged } from "@pandaprobe/contract/rules";
import type { Compute } from "../../../compute/compute.ts";
import type { Database } from "../../../db/database.ts";
import type { Judges } from "../../../judge/judges.ts";
import { ReplayLedger } from "../../../judge/ledger/replay-ledger.ts";
import { evaluateMetric } from "../../../metrics/evaluate.ts";
import { type Judge, wrapJudge } from "../../../metrics/judge.ts";
import { asksJudge, type TraceMetric } from "../../../metrics/metric.ts";
import { renderPrompt } from "../../../metrics/prompt.ts";
import { findTraceMetric } from "../../../metrics/registry.ts";
import { readPinnedMetrics } from "../../metrics/run-metrics.ts";
import { getScore } from "../../scores/score-rows.ts";
import { readStoredTraces } from "../../traces/stored-trace.ts";

interface Reader {
  readonly db: Database;
  readonly compute: Compute;
  readonly judges: Judges;
}

interface Chosen {
  readonly model?: string | undefined;
  readonly repeat: number;
}

/** A question has no stored answer, so later questions that need it cannot be rendered. */
class NotKept extends Error {}

/**
 * What a judge was asked for a score of a trace. Evaluates the metric again with the answers in the ledger instead of a
 * model, because prompts are not stored.
 *
 * @throws ProblemError `not_found` for an unknown score; `validation_error` for a model or repeat that did not judge
 * it.
 */
export async function scoreJudgement(
  reader: Reader,
  projectId: string,
  scoreId: string,
  chosen: Chosen,
): Promise<ScoreJudgement> {
  const { db } = reader;
  const score = await getScore(db, "trace_scores", projectId, scoreId);
  const run = score.eval_run_id === null ? undefined : await readRun(db, projectId, score.eval_run_id);
  const own = run && (await readPinnedMetrics(db, { project_id: projectId, id: run.id }, [score.name]));
  if (run === undefined) return whoJudged(score, undefined, chosen);
  // Signals that need the whole session are computed, and not in the registry.
  const metric = findTraceMetric(score.name, own?.get(score.name));
  const judgedBy = {
    judges: chosenJudges(own?.get(score.name)?.model, run),
    repeats: run.repeats,
    asks: metric !== undefined && asksJudge(metric),
  };
  const judgement = whoJudged(score, judgedBy, chosen);
  const { by, model, repeat } = judgement;
  if (by !== "MODEL" || metric === undefined || model === null || repeat === null) return judgement;
  const replay = { project_id: projectId, id: run.id, fresh: run.fresh };
  try {
    const { trace_id } = score;
    return { ...judgement, questions: await replayed(reader, replay, { metric, trace_id, model, repeat }) };
  } catch (error) {
    // The provider is no longer configured.
    if (error instanceof ModelError) return { ...judgement, note: error.message };
    throw error;
  }
}

function chosenJudges(ofMetric: string | null | undefined, run: { model: string; judges: string[] | null }) {
  return ofMetric == null ? (run.judges ?? [run.model]) : [ofMetric];
}

async function readRun(db: Database, projectId: string, runId: string) {
  const run = await db
    .selectFrom("eval_runs")
    .select(["id", "model", "judges", "repeats", "fresh"])
    .where("project_id", "=", projectId)
    .where("id", "=", runId)
    .executeTakeFirst();
  return run?.model == null ? undefined : { ...run, model: run.model };
}

interface Asked {
  readonly metric: TraceMetric;
  readonly trace_id: string;
  readonly model: string;
  readonly repeat: number;
}

async function replayed(
  { db, compute, judges }: Reader,
  run: ConstructorParameters<typeof ReplayLedger>[1],
  { metric, trace_id, model, repeat }: Asked,
): Promise<JudgeQuestion[]> {
  const [trace] = await readStoredTraces(db, run.project_id, [trace_id]);
  if (trace === undefined) return [];
  const signal = new AbortController().signal;
  const recorder = new Recorder();
  const release = await compute.estimates.take(run.project_id, signal);
  try {
    const judge = recorder.of(judges.replay(model, new ReplayLedger(db, run), repeat, notKept));
    const source = {
      project: run.project_id,
      chars: trace.chars,
      async read() {
        const json = await trace.read();
        if (json === undefined) throw new JudgeError("The trace was deleted.");
        return { trace: json, place: null };
      },
    };
    const { subject } = await compute.prepare(source, { maxChars: judge.maxTraceChars }, signal);
    await evaluateMetric(metric, subject, judge, { signal });
  } catch (error) {
    // The questions so far are shown.
    if (!(error instanceof NotKept || error instanceof JudgeError)) throw error;
  } finally {
    release();
  }
  return recorder.questions();
}

function notKept(): never {
  throw new NotKept("The answer is not kept.");
}

/** Records a judge's questions and answers. */
class Recorder {
  readonly #questions: JudgeQuestion[] = [];
  readonly #asking: Promise<unknown>[] = [];

  /** The same judge, recorded. */
  of(judge: Judge): Judge {
    return wrapJudge(judge, {
      ask: (stage, subject, given, signal) => {
        const { system, prompt } = renderPrompt(stage, subject, given);
        const question: JudgeQuestion = {
          stage: stage.name,
          system: cut(system),
          prompt: cut(prompt),
          answer: null,
        };
        if (this.#questions.length < limits.judgeQuestions) this.#questions.push(question);
        const asking = judge.ask(stage, subject, given, signal).then((answer) => {
          question.answer = cut(JSON.stringify(answer));
          return answer;
        });
        this.#asking.push(asking);
        return asking;
      },
    });
  }

  /** All questions, once each is answered or known to have no answer. */
  async questions(): Promise<JudgeQuestion[]> {
    await Promise.allSettled(this.#asking);
    return this.#questions;
  }
}

function cut(text: string): string {
  return cutText(text, limits.freeTextBytes);
}
