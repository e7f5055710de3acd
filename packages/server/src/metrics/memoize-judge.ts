import { type Judge, wrapJudge } from "./judge.ts";
import type { Findings, Stage } from "./stage.ts";
import type { Subject } from "./subject.ts";

/**
 * Asks each question about a subject only once, so that the metrics of a run share answers to common stages (`task`, `plan`).
 * Questions in flight are shared too; a failed one is asked again next time. A shared question is aborted by the signal of
 * its first caller: wrap a judge once per target, and use one signal.
 */
export function memoizeJudge(judge: Judge): Judge {
  // Weak: answers are collected with their subject.
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
    // Stage names are unique, so the promise has the type of this stage's answer.
    if (known !== undefined) return known as Promise<Answer>;
    const answer = judge.ask(stage, subject, given, signal);
    answers.set(question, answer);
    answer.catch(() => answers.delete(question));
    return answer;
  }

  return wrapJudge(judge, { ask });
}
