import { ProblemError } from "@pandaprobe/contract/rules";
import type { Project } from "../state/project.ts";

const keptForMs = 24 * 3_600_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Does a POST's work once for each `Idempotency-Key`; whoever comes again gets the answer that was given.
 *
 * @param request what makes it the same request.
 */
export function idempotent(
  { project, key, request, now }: { project: Project; key: string; request: string; now: number },
  work: () => Answer,
): { answer: Answer; isReplay: boolean } {
  if (key.length < 1 || key.length > 255) {
    const msg = "must have 1 to 255 characters";
    throw new ProblemError("validation_error", `The header Idempotency-Key ${msg}.`, {
      errors: [{ loc: ["header", "Idempotency-Key"], msg, type: "invalid" }],
    });
  }
  const kept = project.answers.get(key);
  if (kept !== undefined && now - kept.at < keptForMs) {
    if (kept.request === request) return { answer: kept, isReplay: true };
    const detail = "This Idempotency-Key was used with another request. Use a new key for a new request.";
    throw new ProblemError("idempotency_key_reused", detail);
  }
  const answer = work();
  // Later changes of what was answered are none of the answer.
  project.answers.set(key, { ...structuredClone(answer), request, at: now });
  return { answer, isReplay: false };
}
