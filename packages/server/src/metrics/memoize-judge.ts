import type { Judge } from "./judge.ts";
import type { Findings, Stage } from "./stage.ts";
import type { Subject } from "./subject.ts";
import { wrapJudge } from "./wrap-judge.ts";

/**
 * The same judge, asked each question about a subject only once: the metrics of a run share the answers to the stages
 * that they share (`task`, `plan`). Questions under way are shared too; a failed one is asked again next time. Whoever
 * joins a question lives by the signal of the one who asked it first: wrap a judge once per target and use one signal.
 */
export function memoizeJudge(judge: Judge): Judge {
  // Weak, so that answers go with the subject that they are about.
  const bySubject = new WeakMap<Subject, Map<string, Promise<unknown>>>();

  function ask<Given extends Findings, Answer>(
    stage: Stage<Given, Answer>,
    subject: Subject,
    given: Given,
    signal: AbortSignal,
  ): Promise<Answer> {
    const answers = bySubject.get(subject) ?? new Map<string, Promise<unknown>>();
    bySubject.set(subject, answers);
    const question = JSON.stringify([stage.name, given]);
    const known = answers.get(question);
    // Stages have unique names, so that what is kept under one is an answer to it.
    if (known !== undefined) return known as Promise<Answer>;
    const answer = judge.ask(stage, subject, given, signal);
    answers.set(question, answer);
    answer.catch(() => answers.delete(question));
    return answer;
  }

  return wrapJudge(judge, { ask });
}
