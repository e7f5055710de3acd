import { checkIdempotencyKey, idempotencyKeyReused } from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";

const storedForMs = 24 * 3_600_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Does the work of a POST once per `Idempotency-Key`. Repeated requests get the stored response.
 *
 * @param request what identifies the request.
 */
export function idempotent(
  { project, key, request, now }: { project: Project; key: string; request: string; now: number },
  work: () => Answer,
): { answer: Answer; isReplay: boolean } {
  checkIdempotencyKey(key);
  const stored = project.answers.get(key);
  if (stored !== undefined && now - stored.at < storedForMs) {
    if (stored.request === request) return { answer: stored, isReplay: true };
    throw idempotencyKeyReused();
  }
  const answer = work();
  // A copy, because the answered objects may change later.
  project.answers.set(key, { ...structuredClone(answer), request, at: now });
  return { answer, isReplay: false };
}
